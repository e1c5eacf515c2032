package io.weft.dsl

import kotlin.properties.ReadWriteProperty
import kotlin.reflect.KProperty

/** A property that is handed to the core when it is set; null until then, where the core decides. */
internal class Setting<T : Any>(
    private val give: (T) -> Unit,
) : ReadWriteProperty<Any?, T?> {
    private var given: T? = null

    override fun getValue(
        thisRef: Any?,
        property: KProperty<*>,
    ): T? = given

    override fun setValue(
        thisRef: Any?,
        property: KProperty<*>,
        value: T?,
    ) {
        give(
            requireNotNull(value) {
                "${property.name} cannot be set to null; leave it out to keep the default"
            },
        )
        given = value
    }
}
