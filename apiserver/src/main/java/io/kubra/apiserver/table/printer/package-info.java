/**
 * The columns of the built-in kinds, one small class per family of kinds, all listed in {@link
 * io.kubra.apiserver.table.printer.TablePrinters}. Printers are stateless and read object trees
 * leniently: what is absent shows as {@code <none>}, {@code <unset>} or nothing, as clients know
 * it.
 */
@NullMarked
package io.kubra.apiserver.table.printer;

import org.jspecify.annotations.NullMarked;
