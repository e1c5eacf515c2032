/**
 * At the end of drawing, and wherever people look: pictures, images of a set as PNG, enlarged, and
 * many on one sheet.
 */
package io.weft.image;
