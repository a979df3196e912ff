/** The commands. */
@NullMarked
package dev.sluice.origin.cli;

import org.jspecify.annotations.NullMarked;
