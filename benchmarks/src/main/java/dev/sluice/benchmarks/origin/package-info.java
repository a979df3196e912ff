/** What the parts that make an answer cost, without sockets: the entries that the server uses. */
@NullMarked
package dev.sluice.benchmarks.origin;

import org.jspecify.annotations.NullMarked;
