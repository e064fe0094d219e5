package dev.ganglion.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Enforces the table of packages: which package may use which, and no cycles. */
@AnalyzeClasses(packages = "dev.ganglion.benchmarks", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    // JMH generates code into a subpackage of its benchmark's package.
    @ArchTest
    static final ArchRule packagesUseOnlyWhatTheTableAllows = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.ganglion.benchmarks..")
            .layer("host")
            .definedBy("dev.ganglion.benchmarks.host")
            .layer("report")
            .definedBy("dev.ganglion.benchmarks.report")
            .layer("verify")
            .definedBy("dev.ganglion.benchmarks.verify..")
            .layer("cost")
            .definedBy("dev.ganglion.benchmarks.cost")
            .layer("workload")
            .definedBy("dev.ganglion.benchmarks.workload")
            .layer("generator")
            .definedBy("dev.ganglion.benchmarks.generator")
            .layer("load")
            .definedBy("dev.ganglion.benchmarks.load")
            .layer("projection")
            .definedBy("dev.ganglion.benchmarks.projection")
            .layer("ceilings")
            .definedBy("dev.ganglion.benchmarks.ceilings")
            .layer("suite")
            .definedBy("dev.ganglion.benchmarks.suite")
            .ensureAllClassesAreContainedInArchitecture()
            .whereLayer("host")
            .mayNotAccessAnyLayer()
            .whereLayer("report")
            .mayNotAccessAnyLayer()
            .whereLayer("verify")
            .mayNotAccessAnyLayer()
            .whereLayer("workload")
            .mayNotAccessAnyLayer()
            .whereLayer("cost")
            .mayOnlyAccessLayers("verify", "workload")
            .whereLayer("generator")
            .mayOnlyAccessLayers("verify", "workload")
            .whereLayer("load")
            .mayOnlyAccessLayers("generator", "host")
            .whereLayer("projection")
            .mayOnlyAccessLayers("generator", "host", "load", "workload")
            .whereLayer("ceilings")
            .mayOnlyAccessLayers("generator", "host", "load")
            .whereLayer("suite")
            .mayOnlyAccessLayers(
                    "ceilings", "cost", "generator", "host", "load", "projection", "report", "verify", "workload");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.ganglion.benchmarks.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noVagueNames = noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Info)");
}
