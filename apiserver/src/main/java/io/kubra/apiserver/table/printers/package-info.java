/** The columns of the built-in kinds, one class for each group of them. */
@NullMarked
package io.kubra.apiserver.table.printers;

import org.jspecify.annotations.NullMarked;
