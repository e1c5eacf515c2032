package io.weft.samples.api

import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.domain.JavaModifier
import com.tngtech.archunit.core.domain.JavaType

/**
 * What is public of the library, and why. Somebody outside names a type, or needs it: it is in the
 * signature of something that he needs, or a value of an interface that he needs, as layers are.
 *
 * @param types all types of the library
 * @param isNamed whether somebody outside names one
 */
internal class PublicTypes(
    types: Iterable<JavaClass>,
    private val root: String,
    private val isNamed: (JavaClass) -> Boolean,
) {
    private val all = types.filter { isPublic(it) && !isSeam(it) }.sortedBy { it.name }

    /** The names of the types that nobody needs. */
    fun unneeded(): List<String> {
        val needed = all.filter(isNamed).toMutableSet()
        do {
            val before = needed.size
            needed += needed.flatMap(::shown).filter { it in all }
            val interfaces = needed.filter { it.isInterface }.toSet()
            needed += all.filter { type -> type.allRawInterfaces.any { it in interfaces } }
        } while (needed.size > before)
        return all.filter { it !in needed }.map { it.name }
    }

    private fun shown(type: JavaClass): List<JavaClass> {
        val types: List<JavaType> =
            type.interfaces.toList() + listOfNotNull(type.superclass.orElse(null))
        val members =
            type.members.filter {
                isVisible(
                    it.modifiers,
                ) && !isSeam(it::isAnnotatedWith)
            }
        val thrown = type.codeUnits.filter { it in members }.flatMap { it.exceptionTypes }
        val around = listOfNotNull(type.enclosingClass.orElse(null))
        return types.flatMap { it.allInvolvedRawTypes } +
            members.flatMap { it.allInvolvedRawTypes } + thrown + around
    }

    private fun isPublic(type: JavaClass): Boolean =
        !type.packageName.startsWith("$root.internal") &&
            owners(type).all { isVisible(it.modifiers) }

    private fun isSeam(type: JavaClass): Boolean = owners(type).any { isSeam(it::isAnnotatedWith) }

    private fun isSeam(isAnnotatedWith: (String) -> Boolean) =
        isAnnotatedWith("$root.internal.Seam")

    private fun owners(type: JavaClass) = generateSequence(type) { it.enclosingClass.orElse(null) }

    private fun isVisible(modifiers: Set<JavaModifier>) =
        JavaModifier.PUBLIC in modifiers || JavaModifier.PROTECTED in modifiers
}
