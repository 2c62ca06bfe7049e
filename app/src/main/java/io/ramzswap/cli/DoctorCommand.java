package io.ramzswap.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ramzswap.control.DaemonUnreachableException;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.doctor.Doctor;
import io.ramzswap.doctor.Finding;
import io.ramzswap.doctor.Observation;
import io.ramzswap.doctor.Patient;
import io.ramzswap.doctor.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says what is wrong with this host before it hurts. */
@Command(
        name = "doctor",
        description = {
            "Looks at this host, changes nothing, and says what stands in the way of ramzswap, each with its cure.",
            "With a daemon running it looks at that and its devices too; without one, at what would become of it."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:nothing has to be done",
            "2:wrong use",
            "12:there is a warning: something should be changed",
            "13:there is an error: swap cannot be served, or not safely"
        })
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private RzscontrolCommand rzscontrol;

    @Option(
            names = {"-q", "--quiet"},
            description = "Leave out what is as it should be.")
    private boolean quiet;

    @Option(
            names = {"-J", "--json"},
            description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(Doctor.examine(patient(findings)));
        Severity worst = Doctor.worst(findings);
        if (quiet) {
            findings.removeIf(finding -> finding.severity() == Severity.OK);
        }
        spec.commandLine().getOut().print(json ? json(findings, worst) : text(findings));
        return switch (worst) {
            case OK, NOTE -> ExitStatus.OK;
            case WARNING -> ExitStatus.SHOULD_BE_CHANGED;
            case ERROR -> ExitStatus.HAS_TO_BE_CHANGED;
        };
    }

    /** Without a daemon it is this host alone, and {@code findings} says why. */
    private Patient patient(List<Finding> findings) {
        try {
            return DaemonLink.open(
                    rzscontrol.control(),
                    spec.commandLine().getErr(),
                    daemon -> new Patient(rzscontrol.host(), Optional.of(daemon.process()), observations(daemon)));
        } catch (FailureException e) {
            boolean hangs = e.getCause() instanceof DaemonUnreachableException unreachable && unreachable.isSilent();
            Patient patient = new Patient(rzscontrol.host(), Optional.empty(), List.of());
            findings.add(Doctor.unanswered(patient, e.getMessage(), hangs));
            return patient;
        }
    }

    private static List<Observation> observations(DaemonLink daemon) throws IOException, FailureException {
        List<Observation> observations = new ArrayList<>();
        for (DeviceReport device : daemon.devices()) {
            observations.add(new Observation(device, daemon.swap(device.name())));
        }
        return observations;
    }

    private static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(
                    String.format("%-7s  %-12s  %s%n", finding.severity().label(), finding.check(), finding.message()));
            finding.cures()
                    .forEach(cure -> text.append("         # ").append(cure).append('\n'));
        }
        return text.toString();
    }

    private static String json(List<Finding> findings, Severity worst) {
        JsonArray list = new JsonArray();
        for (Finding finding : findings) {
            JsonObject object = Json.members(finding);
            object.addProperty("severity", finding.severity().label());
            list.add(object);
        }
        JsonObject answer = new JsonObject();
        answer.addProperty("worst", worst.label());
        answer.add("findings", list);
        return Json.text(answer);
    }
}
