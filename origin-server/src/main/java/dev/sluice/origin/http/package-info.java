/**
 * Sockets, TLS, HTTP/1.1 and 2, ranges, conditions, back-pressure, failure to status. The only home
 * of Netty's channels.
 */
@NullMarked
package dev.sluice.origin.http;

import org.jspecify.annotations.NullMarked;
