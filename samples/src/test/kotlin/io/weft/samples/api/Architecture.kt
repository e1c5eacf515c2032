package io.weft.samples.api

import com.tngtech.archunit.base.DescribedPredicate
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget
import com.tngtech.archunit.core.domain.JavaCall
import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage
import com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage
import com.tngtech.archunit.core.domain.JavaCodeUnit
import com.tngtech.archunit.core.domain.JavaFieldAccess
import com.tngtech.archunit.core.domain.JavaModifier
import com.tngtech.archunit.lang.ArchCondition
import com.tngtech.archunit.lang.ArchRule
import com.tngtech.archunit.lang.ConditionEvents
import com.tngtech.archunit.lang.SimpleConditionEvent
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import com.tngtech.archunit.library.dependencies.SliceAssignment
import com.tngtech.archunit.library.dependencies.SliceIdentifier
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import java.util.Locale

/**
 * Which parts may know which.
 *
 * @property root the package of all parts: the library's own, or one with planted violations
 */
internal class Architecture(
    private val root: String,
) {
    private val dsl = "$root.dsl.."
    private val fleet = "$root.spark.."
    private val samples = "$root.samples.."
    private val core =
        resideInAPackage("$root..")
            .and(DescribedPredicate.not(resideInAnyPackage(dsl, fleet, samples)))
            .`as`("core")

    /** TensorFlow's side of core; and TensorBoard's files are TensorFlow's protocol buffers. */
    private val onTensorFlow =
        resideInAnyPackage("$root.lower..", "$root.internal.tensorflow..", "$root.watch..")

    /** By the first part of the name after the root, and within `internal` by the second too. */
    private val packages =
        object : SliceAssignment {
            private val name = Regex(Regex.escape(root) + """\.((?:internal\.)?[^.]+)""")

            override fun getIdentifierOf(type: JavaClass): SliceIdentifier =
                name.matchAt(type.packageName, 0)?.let { SliceIdentifier.of(it.groupValues[1]) }
                    ?: SliceIdentifier.ignore()

            override fun getDescription() = "packages of $root"
        }

    /** What is public for Weft's own packages alone says so by `io.weft.internal.Seam`. */
    private val showNothingInternal =
        object : ArchCondition<JavaClass>("show nothing internal") {
            private fun isSeam(owner: JavaClass) =
                generateSequence(owner) { it.enclosingClass.orElse(null) }
                    .any { it.isAnnotatedWith("$root.internal.Seam") }

            override fun check(
                type: JavaClass,
                events: ConditionEvents,
            ) {
                if (!isVisibleToCallers(type) || isSeam(type)) return
                val shown =
                    (type.allRawSuperclasses + type.allRawInterfaces).map { type.name to it } +
                        type.members
                            .filter { visible(it.modifiers) }
                            .filterNot { it.isAnnotatedWith("$root.internal.Seam") }
                            .flatMap { member ->
                                member.allInvolvedRawTypes.map { member.fullName to it }
                            }
                shown.filter { (_, of) -> of.packageName.startsWith("$root.internal") }.forEach {
                    events.add(
                        SimpleConditionEvent.violated(type, "${it.first} shows ${it.second.name}"),
                    )
                }
            }
        }

    val rules: Map<String, ArchRule> =
        mapOf(
            "core knows neither dsl nor fleet nor samples" to
                noClasses()
                    .that(core)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(dsl, fleet, samples),
            "dsl knows neither fleet nor samples" to
                noClasses()
                    .that()
                    .resideInAPackage(dsl)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(fleet, samples),
            "fleet does not know samples" to
                noClasses()
                    .that()
                    .resideInAPackage(fleet)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(samples),
            "core knows no Kotlin" to
                noClasses()
                    .that(
                        core,
                    ).should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("kotlin..", "kotlinx.."),
            "core's packages are free of cycles" to
                slices().assignedFrom(packages).should().beFreeOfCycles(),
            "nothing of core but what is TensorFlow's knows it" to
                noClasses()
                    .that(core.and(DescribedPredicate.not(onTensorFlow)))
                    .should()
                    .dependOnClassesThat(onTensorFlow.or(resideInAPackage("org.tensorflow.."))),
            "what depends on a language says on which" to
                noClasses()
                    .that()
                    .resideInAPackage("$root..")
                    .should()
                    .callCodeUnitWhere(itsTarget(takesTheDefaultLocale)),
            "only GraphOps asks TensorFlow Java for operations, whose names depend on the locale" to
                noClasses()
                    .that(core)
                    .and()
                    .doNotHaveSimpleName("GraphOps")
                    .should()
                    .callCodeUnitWhere(itsTarget(namesByTheDefaultLocale)),
            "what core computes in Java is the same everywhere" to
                noClasses()
                    .that(core)
                    .should()
                    .callMethodWhere(itsTarget(differsBetweenMachines))
                    .orShould()
                    .accessFieldWhere(itsField(addsOrComputesByLanes)),
            "no TensorFlow type is in the API for model builders" to
                codeUnits()
                    .that()
                    .areDeclaredInClassesThat(core)
                    .and()
                    .areDeclaredInClassesThat(
                        DescribedPredicate.not(
                            resideInAnyPackage("$root.lower..", "$root.internal.tensorflow.form.."),
                        ),
                    ).and(areVisibleToCallers)
                    .and(areNotTheWholeImageForm)
                    .should(showNoTensorFlow),
            "what callers see names nothing of internal" to
                classes()
                    .that()
                    .resideInAPackage("$root..")
                    .and()
                    .resideOutsideOfPackages("$root.internal..", samples)
                    .should(showNothingInternal),
            "no exception of TensorFlow's gets out: sessions and graphs are NativeGraph's" to
                noClasses()
                    .that(core)
                    .and()
                    .doNotHaveSimpleName("NativeGraph")
                    .should()
                    .callCodeUnitWhere(itsTarget(opensTensorFlow)),
        )

    private companion object {
        fun visible(modifiers: Set<JavaModifier>): Boolean =
            JavaModifier.PUBLIC in modifiers || JavaModifier.PROTECTED in modifiers

        fun isVisibleToCallers(type: JavaClass): Boolean =
            generateSequence(type) { it.enclosingClass.orElse(null) }
                .all { visible(it.modifiers) }

        fun itsTarget(
            predicate: DescribedPredicate<CodeUnitCallTarget>,
        ): DescribedPredicate<JavaCall<*>> =
            DescribedPredicate.describe(predicate.description) { predicate.test(it.target) }

        /** Not Kotlin's, which have no default but English; its `format` ends in Java's. */
        val takesTheDefaultLocale: DescribedPredicate<CodeUnitCallTarget> =
            DescribedPredicate.describe("takes the default locale") { target ->
                val takes = target.rawParameterTypes.map { it.simpleName }
                "${target.owner.simpleName}.${target.name}" in LOCALISED &&
                    "Locale" !in takes &&
                    "DecimalFormatSymbols" !in takes
            }

        fun itsField(
            predicate: DescribedPredicate<FieldAccessTarget>,
        ): DescribedPredicate<JavaFieldAccess> =
            DescribedPredicate.describe(predicate.description) { predicate.test(it.target) }

        /** StrictMath has the same functions, with results that are defined to the bit. */
        val differsBetweenMachines: DescribedPredicate<CodeUnitCallTarget> =
            DescribedPredicate.describe("differs between machines") { target ->
                target.owner.name == "java.lang.Math" && target.name in INEXACT
            }

        /** The order in which lanes are added is unspecified, and so are vectors' functions. */
        val addsOrComputesByLanes: DescribedPredicate<FieldAccessTarget> =
            DescribedPredicate.describe("adds by lanes") { target ->
                target.owner.simpleName == "VectorOperators" &&
                    target.name in setOf("ADD", "MUL") + INEXACT.map { it.uppercase(Locale.ROOT) }
            }

        val INEXACT =
            setOf("exp", "expm1", "log", "log10", "log1p", "pow", "sin", "cos", "tan") +
                setOf("asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "cbrt", "hypot")

        val namesByTheDefaultLocale: DescribedPredicate<CodeUnitCallTarget> =
            DescribedPredicate.describe("names operations") { target ->
                target.owner.packageName.startsWith("org.tensorflow") &&
                    "${target.owner.simpleName}.${target.name}" in
                    setOf("Ops.create", "ConcreteFunction.create")
            }

        val opensTensorFlow: DescribedPredicate<CodeUnitCallTarget> =
            DescribedPredicate.describe("opens a graph or session") { target ->
                target.name == "<init>" &&
                    target.owner.name in
                    setOf(
                        "org.tensorflow.Graph",
                        "org.tensorflow.Session",
                        "org.tensorflow.EagerSession",
                    )
            }

        val LOCALISED =
            listOf(
                "String" to listOf("format", "formatted", "toLowerCase", "toUpperCase"),
                "PrintStream" to listOf("printf", "format"),
                "PrintWriter" to listOf("printf", "format"),
                "Console" to listOf("printf", "format"),
                "Formatter" to listOf("<init>"),
                "Scanner" to listOf("<init>"),
                "DecimalFormat" to listOf("<init>"),
                "SimpleDateFormat" to listOf("<init>"),
                "MessageFormat" to listOf("<init>", "format"),
                "DateTimeFormatter" to listOf("ofPattern"),
                "Collator" to listOf("getInstance"),
                "NumberFormat" to
                    listOf(
                        "getInstance",
                        "getNumberInstance",
                        "getIntegerInstance",
                        "getPercentInstance",
                        "getCompactNumberInstance",
                    ),
            ).flatMap { (type, methods) -> methods.map { "$type.$it" } }

        val areVisibleToCallers: DescribedPredicate<JavaCodeUnit> =
            DescribedPredicate.describe("are visible to callers") { method ->
                visible(method.modifiers) && isVisibleToCallers(method.owner)
            }

        /** A layer's fast form is for the authors of layers, and implements `io.weft.lower`. */
        val areNotTheWholeImageForm: DescribedPredicate<JavaCodeUnit> =
            DescribedPredicate.describe("do not implement WholeImageForm.lower") { method ->
                method.name != "lower" ||
                    method.owner.allRawInterfaces.none { it.name == "io.weft.lower.WholeImageForm" }
            }

        val showNoTensorFlow =
            object : ArchCondition<JavaCodeUnit>("show no TensorFlow type") {
                override fun check(
                    method: JavaCodeUnit,
                    events: ConditionEvents,
                ) {
                    val shown: Set<JavaClass> =
                        method.allInvolvedRawTypes + method.exceptionTypes
                    shown.filter { it.packageName.startsWith("org.tensorflow") }.forEach {
                        events.add(
                            SimpleConditionEvent.violated(
                                method,
                                "${method.fullName} shows ${it.name}",
                            ),
                        )
                    }
                }
            }
    }
}
