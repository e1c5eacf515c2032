package io.weft.dsl.dataframe

import org.jetbrains.kotlinx.dataframe.DataColumn
import org.jetbrains.kotlinx.dataframe.DataFrame
import org.jetbrains.kotlinx.dataframe.api.cast
import org.jetbrains.kotlinx.dataframe.api.dataFrameOf
import org.jetbrains.kotlinx.dataframe.columns.BaseColumn
import kotlin.reflect.KProperty1

/** A column of a schema, whose name and type it has also where there are no rows. */
internal inline fun <T, reified V> column(
    property: KProperty1<T, V>,
    values: List<V>,
): BaseColumn<V> = DataColumn.createValueColumn(property.name, values)

/** A frame of the columns of a schema. */
internal fun <T> frame(vararg columns: BaseColumn<*>): DataFrame<T> =
    dataFrameOf(columns.asList()).cast()

/** The frame with columns behind its own. */
internal fun <T> DataFrame<T>.with(columns: List<BaseColumn<*>>): DataFrame<T> =
    dataFrameOf(columns() + columns).cast()
