package io.ramzswap.nbd.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/**
 * The older of the two forms of RSA private keys, which certtool and "openssl genrsa -traditional" write; the JDK reads the
 * newer, which wraps it:
 *
 * <pre>
 *  SEQUENCE { INTEGER 0, SEQUENCE { rsaEncryption, NULL }, OCTET STRING { PKCS #1 key } }
 * </pre>
 *
 * <p>Source: RFC 8017, appendix A.1.2; RFC 5208, section 5.
 */
final class RsaKeyFormat {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_LENGTH = 0x80;
    /** INTEGER 0, then the SEQUENCE of the object identifier 1.2.840.113549.1.1.1 and NULL. */
    private static final byte[] VERSION_AND_ALGORITHM =
            new BigInteger("020100300d06092a864886f70d0101010500", 16).toByteArray();

    private RsaKeyFormat() {}

    /** The PKCS #8 form of a PKCS #1 key. */
    static byte[] toPkcs8(byte[] pkcs1) {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_AND_ALGORITHM);
        put(content, OCTET_STRING, pkcs1);
        final ByteArrayOutputStream key = new ByteArrayOutputStream();
        put(key, SEQUENCE, content.toByteArray());
        return key.toByteArray();
    }

    /** Tag, length, content; a length of 128 or more is told in as many bytes as it takes. */
    private static void put(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        if (content.length < LONG_LENGTH) {
            out.write(content.length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + Byte.SIZE - 1) / Byte.SIZE;
            out.write(LONG_LENGTH | bytes);
            while (bytes > 0) {
                bytes--;
                out.write(content.length >>> (bytes * Byte.SIZE));
            }
        }
        out.writeBytes(content);
    }
}
