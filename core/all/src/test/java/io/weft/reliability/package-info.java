/**
 * What happens when things go wrong, or go on for long: kills, full disks, damage, bombs, many
 * threads, closing in the middle, and hours of work.
 */
package io.weft.reliability;
