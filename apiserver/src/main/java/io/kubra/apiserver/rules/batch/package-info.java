/** Rules of the kinds in batch. */
@NullMarked
package io.kubra.apiserver.rules.batch;

import org.jspecify.annotations.NullMarked;
