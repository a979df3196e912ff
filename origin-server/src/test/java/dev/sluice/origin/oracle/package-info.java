/** Programs that were not written here, against which the tests hold what Sluice serves. */
@NullMarked
package dev.sluice.origin.oracle;

import org.jspecify.annotations.NullMarked;
