/** What exists in every cluster from the start, and what keeps the store tidy. */
@NullMarked
package io.kubra.apiserver.bootstrap;

import org.jspecify.annotations.NullMarked;
