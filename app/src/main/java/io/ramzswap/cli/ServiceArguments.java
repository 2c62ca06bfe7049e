package io.ramzswap.cli;

import io.ramzswap.config.ConfigFiles;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What ramzswapd is told about its configuration, and about the daemon that runs with it. */
final class ServiceArguments {
    /** Stands for no FILE. It cannot be the name of one, and is not empty, as a variable that is not set. */
    private static final String STANDARD = "\0";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = STANDARD,
            description = {
                "Make the devices swap that the configuration names, as the service does: /etc/ramzswap/ramzswap.conf and its",
                "drop-ins, or FILE and those in FILE.d; see ramzswap.conf(5)."
            })
    private String config;

    @Option(names = "--check", description = "Read the configuration, print what it comes to, and end.")
    private boolean check;

    @Option(
            names = "--reload",
            description = {
                "Have the running daemon read its configuration, or with --listen its TLS certificate, again; print what comes of",
                "it, and end."
            })
    private boolean reload;

    @Option(
            names = "--swapoff",
            description = {
                "Take all that is swapped out to the running daemon back into memory, and end. Refused, with nothing changed,",
                "when memory does not hold it."
            })
    private boolean swapOff;

    /** Whether devices are to be made swap. */
    boolean serves() {
        return config != null && !check;
    }

    /** Whether the configuration is only to be looked at. */
    boolean check() {
        return check;
    }

    /** Whether the running daemon is to read its configuration again. */
    boolean reload() {
        return reload;
    }

    /** Whether the swap of the running daemon is to be taken down. */
    boolean swapOff() {
        return swapOff;
    }

    /** Whether one of these is done, in place of becoming a daemon. */
    boolean isTask() {
        return check || reload || swapOff;
    }

    /** Where the configuration is. */
    ConfigFiles files() {
        return config == null || config.equals(STANDARD) ? ConfigFiles.standard() : ConfigFiles.at(Path.of(config));
    }

    /**
     * Looks for contradictions.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    void validate(boolean listens) {
        if (config != null && config.isEmpty()) {
            throw new IllegalArgumentException("--config takes the name of a file, or none; not an empty one");
        }
        if ((check ? 1 : 0) + (reload ? 1 : 0) + (swapOff ? 1 : 0) > 1) {
            throw new IllegalArgumentException("--check, --reload and --swapoff are three things: give one of them");
        }
        if (config != null && (reload || swapOff)) {
            throw new IllegalArgumentException(
                    "--reload and --swapoff go to the running daemon, which has its --config");
        }
        if (listens && (config != null || check || reload || swapOff)) {
            throw new IllegalArgumentException("--listen goes without --config, --check, --reload and --swapoff");
        }
    }
}
