package io.weft.samples.api

import com.tngtech.archunit.ArchConfiguration
import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption

/** The library as it was compiled, read once; without what others have written. */
internal object Compiled {
    val WEFT: JavaClasses by lazy {
        importer()
            .withImportOption(ImportOption.DoNotIncludeTests())
            // The layout library lies within weft-drawing under names of Weft's.
            .withImportOption { !it.contains("/io/weft/internal/layout/") }
            // What builds the site is no part of the library.
            .withImportOption { !it.contains("/io/weft/site/") }
            .importPackages("io.weft")
    }

    /** Reads classes; of those of others that they use it looks at nothing but the names. */
    fun importer(): ClassFileImporter {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false)
        return ClassFileImporter()
    }
}
