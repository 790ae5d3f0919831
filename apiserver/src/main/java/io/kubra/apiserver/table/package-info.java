/** Tables: the columns that {@code kubectl get} shows for each kind. */
@NullMarked
package io.kubra.apiserver.table;

import org.jspecify.annotations.NullMarked;
