/** Tests of the ways between event loops and blocking threads. */
@NullMarked
package io.kubra.transport.io;

import org.jspecify.annotations.NullMarked;
