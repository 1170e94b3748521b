// SPDX-License-Identifier: Apache-2.0
/** BTF, instructions, object files, and the contract every kernel keeps. */
module org.bpfdump.core {}
