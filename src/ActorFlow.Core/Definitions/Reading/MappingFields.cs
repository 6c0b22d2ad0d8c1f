using System.Globalization;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Reads the keys of one mapping as the types that the language expects; a value of another type is reported and counts as absent.</summary>
internal sealed class MappingFields
{
    private readonly SourceMapping _mapping;
    private readonly ProblemList _problems;

    /// <param name="mapping">The mapping.</param>
    /// <param name="known">The keys that the language has here; any other is an error.</param>
    /// <param name="problems">The list that errors are added to.</param>
    public MappingFields(SourceMapping mapping, string[] known, ProblemList problems)
    {
        _mapping = mapping;
        _problems = problems;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in mapping.Entries)
        {
            if (!known.Contains(key.Text, StringComparer.Ordinal))
            {
                var list = known.Length <= 8 ? $" (known: {string.Join(", ", known)})" : "";
                problems.Add(DefinitionCodes.UnknownKey, key, $"unknown key {Excerpt.Of(key.Text)}{problems.Suggest(key.Text, known)}{list}");
            }
            else if (!seen.Add(key.Text))
            {
                problems.Add(DefinitionCodes.DuplicateKey, key, $"the key {Excerpt.Of(key.Text)} stands here twice");
            }
        }
    }

    /// <summary>The value of a key; null means that the key is absent.</summary>
    public SourceNode? this[string key] => _mapping.Find(key)?.Value;

    /// <summary>The key itself, for errors about its presence.</summary>
    public SourceScalar? Key(string key) => _mapping.Find(key)?.Key;

    public bool Has(string key) => _mapping.Find(key) is not null;

    public Payload? Value(string key) => this[key] is { } node ? PayloadSource.Read(node, _problems) : null;

    /// <summary>Text; a number, <c>true</c> and <c>false</c> count as their text.</summary>
    public string? Text(string key) => this[key] is { } node ? TextOf(node, key) : null;

    public string? TextOf(SourceNode node, string key)
    {
        if (node is SourceScalar { Kind: not ScalarKind.Null } scalar)
        {
            return scalar.Text;
        }

        WrongType(node, key, "text");
        return null;
    }

    public SourceMapping? Mapping(string key) => this[key] is { } node ? MappingOf(node, key) : null;

    public SourceMapping? MappingOf(SourceNode node, string key)
    {
        if (node is SourceMapping mapping)
        {
            return mapping;
        }

        WrongType(node, key, "a mapping");
        return null;
    }

    /// <summary>A list; with <paramref name="orOne"/>, a single value counts as a list of one.</summary>
    public IReadOnlyList<SourceNode>? List(string key, bool orOne = false)
    {
        switch (this[key])
        {
            case null:
                return null;

            case SourceSequence sequence:
                return sequence.Items;

            case SourceScalar { Kind: not ScalarKind.Null } one when orOne:
                return [one];

            case var node:
                WrongType(node, key, "a list");
                return null;
        }
    }

    public bool Flag(string key)
    {
        switch (this[key])
        {
            case SourceScalar { Kind: ScalarKind.True }:
                return true;

            case null or SourceScalar { Kind: ScalarKind.False }:
                return false;

            case var node:
                Literal(node, key, "`true` or `false`", DefinitionCodes.WrongType);
                return false;
        }
    }

    public int? Integer(string key)
    {
        if (this[key] is not { } node)
        {
            return null;
        }

        if (node is SourceScalar { Kind: ScalarKind.Number } number)
        {
            if (int.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            var isWhole = number.Text.AsSpan().IndexOfAny("eE.") < 0;
            _problems.Add(
                isWhole ? DefinitionCodes.OutOfRange : DefinitionCodes.WrongType, node, $"`{key}` must be a whole number{(isWhole ? " below 2,147,483,648" : "")}");
            return null;
        }

        Literal(node, key, "a whole number", DefinitionCodes.WrongType);
        return null;
    }

    public double? Number(string key)
    {
        switch (this[key])
        {
            case null:
                return null;

            case SourceScalar { Kind: ScalarKind.Number } number:
                return double.Parse(number.Text, CultureInfo.InvariantCulture);

            case var node:
                Literal(node, key, "a number", DefinitionCodes.WrongType);
                return null;
        }
    }

    public TimeSpan? Duration(string key)
    {
        if (this[key] is not { } node)
        {
            return null;
        }

        if (node is SourceScalar { Kind: not ScalarKind.Null } scalar && Definitions.Duration.TryParse(scalar.Text, out var value))
        {
            return value;
        }

        var unit = node is SourceScalar { Kind: ScalarKind.Number } ? "with its unit" : "of at most 36500d";
        Literal(node, key, $"a duration {unit}, such as `500ms`, `30s`, `1h30m`", DefinitionCodes.BadDuration, hint: DurationHint.For);
        return null;
    }

    public T? Word<T>(string key, (string Word, T Value)[] words)
        where T : struct
    {
        if (this[key] is not { } node)
        {
            return null;
        }

        if (node is SourceScalar scalar)
        {
            foreach (var (word, value) in words)
            {
                if (word == scalar.Text)
                {
                    return value;
                }
            }
        }

        var known = words.Select(word => word.Word).ToArray();
        Literal(node, key, $"one of {string.Join(", ", known.Select(word => $"`{word}`"))}", DefinitionCodes.BadValue, known);
        return null;
    }

    /// <summary>Reports that a value is none of the literals that the key takes; an expression gets a message of its own.</summary>
    private void Literal(SourceNode node, string key, string expected, string code, string[]? known = null, Func<string, string>? hint = null)
    {
        if (node is SourceScalar { Kind: ScalarKind.Text } scalar)
        {
            if (node.IsFaulty)
            {
                return;
            }

            if (scalar.Text.Contains("${{", StringComparison.Ordinal))
            {
                _problems.Add(DefinitionCodes.ExpressionNotAllowed, node, $"`{key}` takes no expression; write {expected}");
                return;
            }

            _problems.Add(code, node, $"`{key}` must be {expected}, not {Excerpt.Of(scalar.Text)}{_problems.Suggest(scalar.Text, known ?? [])}{hint?.Invoke(scalar.Text)}");
            return;
        }

        var actual = node is SourceScalar { Kind: ScalarKind.Number } number ? Excerpt.Of(number.Text) : node.Description;
        var advice = node is SourceScalar { Kind: ScalarKind.Number } written ? hint?.Invoke(written.Text) : null;
        _problems.Add(code, node, $"`{key}` must be {expected}, not {actual}{advice}");
    }

    private void WrongType(SourceNode node, string key, string expected)
    {
        if (!node.IsFaulty)
        {
            _problems.Add(DefinitionCodes.WrongType, node, $"`{key}` must be {expected}, not {node.Description}");
        }
    }
}
