package io.weft.internal;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what is public only because Weft's own packages, or its engines, meet there. It is no part
 * of the API: callers leave it alone, and it changes without notice. Nothing else that is public
 * names a type of {@code io.weft.internal}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Seam {}
