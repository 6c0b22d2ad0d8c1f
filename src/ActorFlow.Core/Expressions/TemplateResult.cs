using System.Collections.Immutable;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions;

/// <summary>What a template came to.</summary>
/// <param name="Value">The JSON value, with each secret left out.</param>
/// <param name="Secrets">Where the worker has to put which secret, in document order; empty for most.</param>
public readonly record struct TemplateResult(Payload Value, ImmutableArray<SecretSlot> Secrets);

/// <summary>
/// Where a secret belongs in an evaluated input. Recorded beside the value rather than inside it, so that data which looks like
/// a placeholder is never taken for one.
/// </summary>
/// <param name="Pointer">The JSON Pointer (RFC 6901) of the string it belongs into.</param>
/// <param name="Offset">The offset in UTF-16 units into that string as recorded, where the secret is inserted.</param>
/// <param name="Name">The name of the secret.</param>
public sealed record SecretSlot(string Pointer, int Offset, string Name);
