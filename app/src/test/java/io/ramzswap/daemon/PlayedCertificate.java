package io.ramzswap.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates of nobody, each with its key, good for a hundred years. */
enum PlayedCertificate {
    ONE("""
            -----BEGIN CERTIFICATE-----
            MIIBczCCARmgAwIBAgIUIVGZpOo/0t8xFwnOJ0rV6dU3xAgwCgYIKoZIzj0EAwIw
            DjEMMAoGA1UEAwwDb25lMCAXDTI2MTEzMDIwMjkxN1oYDzIxMjYxMTA2MjAyOTE3
            WjAOMQwwCgYDVQQDDANvbmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAREzqts
            61vEu/1Uc1iit86X5aajPp9RZ6CeLQNHho+QyJKGbQkglgblyxFQi6a494GTIA3I
            0RQzikHC4w7VA9LAo1MwUTAdBgNVHQ4EFgQUHME6h5Xtcp89GqwDT29ThI62XTsw
            HwYDVR0jBBgwFoAUHME6h5Xtcp89GqwDT29ThI62XTswDwYDVR0TAQH/BAUwAwEB
            /zAKBggqhkjOPQQDAgNIADBFAiEA6hKjdqZFW737oGbMMM+9rl9H3O5h+B+SzVKi
            4ET1AN4CIE6eNBfCVCiCR0a4kITe1WBrcgscCXr1cPxcoU3FDCsG
            -----END CERTIFICATE-----
            """, """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEG5XG6gWYdYG+ghd
            +qnXvS5Hp3PGgrfJ8XiCEr7CBTahRANCAAREzqts61vEu/1Uc1iit86X5aajPp9R
            Z6CeLQNHho+QyJKGbQkglgblyxFQi6a494GTIA3I0RQzikHC4w7VA9LA
            -----END PRIVATE KEY-----
            """),
    TWO("""
            -----BEGIN CERTIFICATE-----
            MIIBcjCCARmgAwIBAgIUAQgPlFlcV7Ag6HLxbBeSzImcwgwwCgYIKoZIzj0EAwIw
            DjEMMAoGA1UEAwwDdHdvMCAXDTI2MTEzMDIwMjkxN1oYDzIxMjYxMTA2MjAyOTE3
            WjAOMQwwCgYDVQQDDAN0d28wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQJLXEI
            G+R7AP2Qb2f6L8VYk8Q7QoTn/iDD9G4MRGc0bsm0LYBbGvplk7vI63o5pcnUEeHr
            I0muvcRwEd2vH/W8o1MwUTAdBgNVHQ4EFgQUxKduRRIVkqrNk5AjIde5vHK0PZQw
            HwYDVR0jBBgwFoAUxKduRRIVkqrNk5AjIde5vHK0PZQwDwYDVR0TAQH/BAUwAwEB
            /zAKBggqhkjOPQQDAgNHADBEAiBV3iOljpgrZKSUCmXxKbLLBmeFcblDEpHkSAW8
            IDH1YgIgOTsDCiJoEdq2rtHD1S1Q0bQQniw5jSHu1Rqu9RAe0jI=
            -----END CERTIFICATE-----
            """, """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFES/gLaqDbHWWyrE
            msqGqkLOl+YwHS0ClqS2eSrFqgWhRANCAAQJLXEIG+R7AP2Qb2f6L8VYk8Q7QoTn
            /iDD9G4MRGc0bsm0LYBbGvplk7vI63o5pcnUEeHrI0muvcRwEd2vH/W8
            -----END PRIVATE KEY-----
            """);

    private final String certificate;
    private final String key;

    PlayedCertificate(String certificate, String key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** Writes both under the names that servers look for. */
    void writeTo(Path directory) throws IOException {
        Files.writeString(directory.resolve("server-cert.pem"), certificate);
        Files.writeString(directory.resolve("server-key.pem"), key);
    }
}
