/** Writing files so that a crash, a full disk or a failed download never leaves half of one. */
package io.weft.internal.files;
