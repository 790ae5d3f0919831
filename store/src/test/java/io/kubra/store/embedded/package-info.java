/** Tests of the embedded store: restarts, crashes, full disks, damage. */
@NullMarked
package io.kubra.store.embedded;

import org.jspecify.annotations.NullMarked;
