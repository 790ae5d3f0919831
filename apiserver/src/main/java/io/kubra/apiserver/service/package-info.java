/** What Services are given by the server: cluster addresses and node ports, each exactly once. */
@NullMarked
package io.kubra.apiserver.service;

import org.jspecify.annotations.NullMarked;
