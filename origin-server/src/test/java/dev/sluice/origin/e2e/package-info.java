/** Tests of the whole server, as a process of its own, over its sockets. */
@NullMarked
package dev.sluice.origin.e2e;

import org.jspecify.annotations.NullMarked;
