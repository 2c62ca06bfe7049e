package io.ramzswap.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.ramzswap.exchange.Answer;
import io.ramzswap.exchange.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of HTTP that a scraper needs: GET and HEAD of {@link #PATH}, one a connection. Source: RFC 9112.
 *
 * <p>A body that comes with a request is not read; there is no use for one here.
 */
final class HttpService implements Service {
    static final String PATH = "/metrics";

    private static final Pattern REQUEST_LINE =
            Pattern.compile("(?<method>[A-Z]{1,20}) (?<path>[^ ?]+)(?:\\?[^ ]*)? HTTP/1\\.[01]\r?");
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Metrics metrics;

    HttpService(Metrics metrics) {
        this.metrics = metrics;
    }

    /** A request ends with an empty line. */
    @Override
    public int requestLength(byte[] received, int length) {
        int lineStart = 0;
        for (int i = 0; i < length; i++) {
            if (received[i] == '\n') {
                final boolean isEmptyLine = i == lineStart || (i == lineStart + 1 && received[lineStart] == '\r');
                if (isEmptyLine) {
                    return i + 1;
                }
                lineStart = i + 1;
            }
        }
        return 0;
    }

    @Override
    public Answer answer(byte[] request) {
        final String head = new String(request, StandardCharsets.ISO_8859_1);
        final Matcher line = REQUEST_LINE.matcher(head.substring(0, head.indexOf('\n')));
        if (!line.matches()) {
            return refusal("400 Bad Request", "this is no request of HTTP/1.1");
        }
        final boolean isHead = line.group("method").equals("HEAD");
        if (!isHead && !line.group("method").equals("GET")) {
            return refusal("405 Method Not Allowed\r\nAllow: GET, HEAD", "only GET and HEAD are known here");
        }
        if (!line.group("path").equals(PATH)) {
            return refusal("404 Not Found", "the metrics are at " + PATH);
        }
        return metrics(isHead);
    }

    private Answer metrics(boolean isHead) {
        try {
            return answer("200 OK", PrometheusTextFormatWriter.CONTENT_TYPE, metrics.text(), isHead);
        } catch (IOException | RuntimeException e) {
            return refusal("500 Internal Server Error", "the metrics could not be written: " + e);
        }
    }

    @Override
    public Answer tooLong() {
        return refusal("431 Request Header Fields Too Large", "the request is too long");
    }

    @Override
    public Answer cutOff() {
        return refusal("400 Bad Request", "the request was cut off");
    }

    @Override
    public Answer busy() {
        return refusal("503 Service Unavailable", "there are too many requests; try again");
    }

    /** A scraper that gives up has its own way to say so. */
    @Override
    public void dropped(String why) {}

    @Override
    public void cannotAccept(Throwable why) {}

    private static Answer refusal(String status, String message) {
        return answer(status, TEXT, (message + '\n').getBytes(StandardCharsets.UTF_8), false);
    }

    private static Answer answer(String status, String type, byte[] body, boolean isHead) {
        final ByteArrayOutputStream message = new ByteArrayOutputStream();
        final String head = "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        message.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!isHead) {
            message.writeBytes(body);
        }
        return Answer.last(message.toByteArray());
    }
}
