package io.ramzswap.swap;

import io.ramzswap.config.DeviceConfig;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.catalogue.Discard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Those of this machine, through swapon(8) and swapoff(8). */
public final class KernelSwapAreas implements SwapAreas {
    /** What starts us may have none, or one without the administrator's programs. */
    private static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

    private final MemoryUse memory;
    private final String path;

    /** On this machine. */
    public KernelSwapAreas(MemoryUse memory) {
        this(memory, PATH);
    }

    KernelSwapAreas(MemoryUse memory, String path) {
        this.memory = memory;
        this.path = path;
    }

    @Override
    public void on(DeviceConfig device) throws OperationException {
        if (isOn(device.device())) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("swapon", "--priority", Integer.toString(device.priority())));
        if (device.discard() == Discard.BOTH) {
            command.add("--discard");
        } else if (device.discard() != Discard.NONE) {
            command.add("--discard=" + device.discard().label());
        }
        command.add(device.device());
        run(command);
    }

    @Override
    public void off(String device) throws OperationException {
        run(List.of("swapoff", device));
    }

    private boolean isOn(String device) throws OperationException {
        return memory.swapAreas().stream().anyMatch(area -> area.path().equals(device));
    }

    private void run(List<String> command) throws OperationException {
        try (BoundProcess bound = new BoundProcess()) {
            ProcessBuilder builder = new ProcessBuilder(inPath(command)).redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            environment.put("LC_ALL", "C.UTF-8");
            Process process = bound.start(builder);
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status != 0) {
                throw failed(command, said.isEmpty() ? "status " + status : said);
            }
        } catch (IOException e) {
            throw failed(command, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(command, "interrupted");
        }
    }

    private List<String> inPath(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("/usr/bin/env", "PATH=" + path));
        whole.addAll(command);
        return whole;
    }

    private static OperationException failed(List<String> command, String why) {
        return new OperationException(
                Refusal.INTERNAL, String.join(" ", command) + " failed: " + why.replaceAll("\\s*\\R\\s*", "; "));
    }
}
