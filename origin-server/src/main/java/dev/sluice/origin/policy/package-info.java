/** Request, asset and policies to a protection for each track: decides, does nothing. */
@NullMarked
package dev.sluice.origin.policy;

import org.jspecify.annotations.NullMarked;
