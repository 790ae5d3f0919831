/** Tests of the log's files. */
@NullMarked
package io.kubra.store.log;

import org.jspecify.annotations.NullMarked;
