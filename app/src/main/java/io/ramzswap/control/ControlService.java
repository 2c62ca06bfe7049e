package io.ramzswap.control;

import io.ramzswap.exchange.Answer;
import io.ramzswap.exchange.Service;
import io.ramzswap.refusal.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control protocol, as a server speaks it. */
final class ControlService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    private final ControlHandler handler;

    /** Requests are carried out by {@code handler}. */
    ControlService(ControlHandler handler) {
        this.handler = handler;
    }

    /** Returns the answer to a client that is sent away. */
    static Answer refusal(Refusal code, String message) {
        return Answer.last(line(ControlReply.failed(code, message)));
    }

    @Override
    public int requestLength(byte[] received, int length) {
        for (int i = 0; i < length; i++) {
            if (received[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    @Override
    public Answer answer(byte[] request) {
        try {
            return Answer.of(line(carryOut(ControlCodec.STANDARD.decodeRequest(text(request)))));
        } catch (MalformedMessageException e) {
            return malformed(e.getMessage());
        }
    }

    /** The text of a line without its newline. */
    private static String text(byte[] line) throws MalformedMessageException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, line.length - 1))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException(LineChannel.NOT_TEXT, e);
        }
    }

    private ControlReply carryOut(ControlRequest request) {
        try {
            return handler.handle(request);
        } catch (RuntimeException | Error e) {
            LOG.error("{} of {} failed", request.operation(), request.device(), e);
            return ControlReply.failed(
                    Refusal.INTERNAL, "a fault of the daemon's: " + e + "; its log has the details, please report it");
        }
    }

    @Override
    public Answer tooLong() {
        return malformed(LineChannel.TOO_LONG);
    }

    @Override
    public Answer cutOff() {
        return malformed(LineChannel.CUT_OFF);
    }

    private static Answer malformed(String complaint) {
        LOG.warn("A control client was sent away: {}", complaint);
        return refusal(Refusal.BAD_REQUEST, "not a request: " + complaint);
    }

    @Override
    public Answer busy() {
        return refusal(
                Refusal.BUSY, "the daemon carries out " + ControlServer.MAX_REQUESTS + " requests already; try again");
    }

    @Override
    public void dropped(String why) {
        LOG.info("A control client was dropped: {}", why);
    }

    @Override
    public void cannotAccept(Throwable why) {
        LOG.warn("A control connection could not be accepted: {}", why.toString());
    }

    private static byte[] line(ControlReply reply) {
        return (ControlCodec.encode(reply) + '\n').getBytes(StandardCharsets.UTF_8);
    }
}
