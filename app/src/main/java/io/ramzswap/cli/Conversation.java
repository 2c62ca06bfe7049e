package io.ramzswap.cli;

import io.ramzswap.control.ControlClient;
import io.ramzswap.control.ControlSocketException;
import io.ramzswap.control.DaemonUnreachableException;
import io.ramzswap.refusal.OperationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What is asked of the daemon over one connection. */
@FunctionalInterface
interface Conversation<T> {
    T with(ControlClient daemon) throws IOException, OperationException, FailureException;

    /** Connects, talks, hangs up; whatever goes wrong is a {@link FailureException}. */
    static <T> T hold(Path control, Conversation<T> conversation) throws FailureException {
        try (ControlClient daemon = ControlClient.connect(control)) {
            return conversation.with(daemon);
        } catch (OperationException e) {
            throw new FailureException(e.code().exitStatus(), e.getMessage(), e);
        } catch (ControlSocketException e) {
            throw new FailureException(e.code().exitStatus(), e.getMessage(), e);
        } catch (DaemonUnreachableException e) {
            throw new FailureException(ExitStatus.UNREACHABLE, e.getMessage(), e);
        } catch (UncheckedIOException e) {
            String where = e.getCause() instanceof DaemonUnreachableException
                    ? ""
                    : "talking to the daemon at " + control + ": ";
            throw new FailureException(
                    ExitStatus.UNREACHABLE, where + e.getCause().getMessage(), e);
        } catch (IOException e) {
            throw new FailureException(
                    ExitStatus.UNREACHABLE, "talking to the daemon at " + control + ": " + e.getMessage(), e);
        }
    }
}
