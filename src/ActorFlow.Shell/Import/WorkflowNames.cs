using System.Text;

namespace ActorFlow.Shell.Import;

/// <summary>Makes foreign names valid in the workflow language.</summary>
internal sealed class WorkflowNames
{
    private const int Longest = 100;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A workflow name: <c>[a-z0-9][a-z0-9._-]{0,99}</c>.</summary>
    public static string Workflow(string name)
    {
        var valid = Replace(name.ToLowerInvariant(), letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-')
            .TrimStart('.', '_', '-');
        return valid.Length == 0 ? "imported" : Cut(valid, Longest);
    }

    /// <summary>A task id, <c>[A-Za-z_][A-Za-z0-9_-]{0,99}</c>, that this object has not given before.</summary>
    public string Task(string id)
    {
        var valid = Replace(id, letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
        if (valid.Length == 0 || !(char.IsAsciiLetter(valid[0]) || valid[0] == '_'))
        {
            valid = "_" + valid;
        }

        var unique = Cut(valid, Longest);
        for (var number = 2; !_taken.Add(unique); number++)
        {
            var suffix = $"_{number}";
            unique = Cut(valid, Longest - suffix.Length) + suffix;
        }

        return unique;
    }

    private static string Replace(string text, Func<char, bool> isValid)
    {
        var valid = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            valid.Append(isValid(letter) ? letter : '_');
        }

        return valid.ToString();
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
