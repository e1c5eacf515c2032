package io.weft.dsl

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.collections.shouldContainAll
import io.weft.pyramid.MultiScaleSampler
import io.weft.sample.Sampler
import io.weft.train.TrainingOptions
import java.lang.reflect.Modifier

/** What Java sets by core's builders and samplers Kotlin sets in scopes, by the same names. */
class ScopesSpec :
    StringSpec({
        /** What makes the same with one respect changed. */
        fun settings(type: Class<*>): List<String> =
            type.declaredMethods
                .filter { Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) }
                .filter { it.returnType == type }
                .map { it.name }
                .distinct()

        fun offered(scope: Class<*>): List<String> =
            scope.declaredMethods.filter { Modifier.isPublic(it.modifiers) }.map { method ->
                method.name.removePrefix("set").replaceFirstChar { it.lowercase() }
            }

        "every option of training" {
            offered(TrainingScope::class.java) shouldContainAll
                settings(TrainingOptions.Builder::class.java)
        }

        // Functions take count and seed before the scope; classes go by label; "with" is a seam.
        val before = setOf("count", "seed", "with", "labels", "classes")

        "every setting of a sampler" {
            offered(SamplingScope::class.java) shouldContainAll
                settings(Sampler::class.java) - before + "label"
        }

        "every setting of a pyramid's sampler" {
            offered(MultiScaleSamplingScope::class.java) shouldContainAll
                settings(MultiScaleSampler::class.java) - before + "label"
        }
    })
