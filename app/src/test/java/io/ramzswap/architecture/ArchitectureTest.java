package io.ramzswap.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may know what. All modules are on this one's class path, so their rules are here as well. */
@AnalyzeClasses(packages = "io.ramzswap", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] THE_WAY_OF_A_PAGE = {
        "io.ramzswap.nbd..",
        "io.ramzswap.allocator..",
        "io.ramzswap.device..",
        "io.ramzswap.tier..",
        "io.ramzswap.zcache..",
        "io.ramzswap.backing..",
        "io.ramzswap.writeback..",
        "io.ramzswap.notify.trace..",
        "io.ramzswap.compress..",
        "io.ramzswap.table.."
    };

    @ArchTest
    final ArchRule nativeCallsAreMadeInLibcPackagesOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..libc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai.jffi..");

    @ArchTest
    final ArchRule theRestOfALibcPackageIsPlainJavaSoThatTestsCanPlayIt = noClasses()
            .that()
            .resideInAPackage("..libc..")
            .and()
            .haveSimpleNameNotStartingWith("Native")
            .and()
            .areNotMemberClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr.ffi..", "com.kenai.jffi..");

    @ArchTest
    final ArchRule memoryIsReachedThroughBuffersOnly =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");

    @ArchTest
    final ArchRule nothingLogsOnTheWayOfAPage = noClasses()
            .that()
            .resideInAnyPackage(THE_WAY_OF_A_PAGE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "java.util.logging..");

    @ArchTest
    final ArchRule theWayOfAPageKnowsNoDaemon = noClasses()
            .that()
            .resideInAnyPackage(THE_WAY_OF_A_PAGE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.ramzswap.attach..",
                    "io.ramzswap.daemon..",
                    "io.ramzswap.control..",
                    "io.ramzswap.cli..",
                    "io.ramzswap.process..");

    @ArchTest
    final ArchRule theProtocolStandsAlone = classes()
            .that()
            .resideInAPackage("io.ramzswap.nbd..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.ramzswap.nbd..", "java..", "javax.net.ssl..", "jnr..", "com.google.errorprone.annotations..");

    @ArchTest
    final ArchRule theAllocatorStandsAlone = classes()
            .that()
            .resideInAPackage("io.ramzswap.allocator..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.ramzswap.allocator..",
                    "java..",
                    "jnr..",
                    "com.kenai.jffi..",
                    "com.google.errorprone.annotations..");

    @ArchTest
    final ArchRule onlyTheProgramsReadCommandLines = noClasses()
            .that()
            .resideOutsideOfPackage("io.ramzswap.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "io.ramzswap.cli..");

    @ArchTest
    final ArchRule onlyTheProgramsEndTheProcess = noClasses()
            .that()
            .resideOutsideOfPackage("io.ramzswap.cli..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    final ArchRule whatTheControlSocketAsksForKnowsNothingOfIt = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.ramzswap.attach..", "io.ramzswap.swap..", "io.ramzswap.backing..", "io.ramzswap.refusal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.ramzswap.control..");

    /** The list of all allocators has to know each of them, and stands beside the interface that they have in common. */
    @ArchTest
    final ArchRule packagesHaveNoCycles = slices().matching("io.ramzswap.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(nameStartingWith("io.ramzswap.allocator.AllocatorKind"), alwaysTrue());
}
