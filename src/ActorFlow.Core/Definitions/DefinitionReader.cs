using System.Collections.Immutable;
using ActorFlow.Core.Definitions.Checking;
using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Definitions;

/// <summary>
/// Reads definitions from YAML or JSON. A YAML file may hold several documents. The content of a file never makes it throw: all errors
/// are returned at once, each with its position.
/// </summary>
public static class DefinitionReader
{
    /// <summary>Reads a file's bytes, UTF-8 with or without a byte order mark.</summary>
    /// <param name="utf8">The bytes; more than <see cref="DefinitionLimits.FileBytes"/> are refused unread.</param>
    /// <param name="fileName">The name for messages. A name that ends in <c>.json</c> means JSON, one that ends in <c>.yaml</c> or <c>.yml</c> means YAML; else the text decides.</param>
    public static DefinitionDocuments Read(ReadOnlySpan<byte> utf8, string fileName)
    {
        var problems = new ProblemList(fileName);
        return Read(SourceText.Decode(utf8, problems), fileName, problems);
    }

    /// <summary>Reads a file's text.</summary>
    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, string)"/>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name for messages.</param>
    public static DefinitionDocuments Read(string text, string fileName)
    {
        var problems = new ProblemList(fileName);
        return Read(SourceText.Check(text, problems), fileName, problems);
    }

    private static DefinitionDocuments Read(string? text, string fileName, ProblemList problems)
    {
        var definitions = ImmutableArray.CreateBuilder<WorkflowDefinition>();
        if (text is not null)
        {
            var roots = JsonSource.IsJson(text, fileName) ? JsonSource.Read(text, problems) : YamlSource.Read(text, problems);
            if (roots.Count == 0 && !problems.HasErrors)
            {
                problems.Add(DefinitionCodes.Empty, SourcePosition.Start, "the file is empty; a definition has at least `name` and `tasks`");
            }

            ReadDefinitions(roots, definitions, problems);
        }

        var all = problems.InOrder.ToLookup(problem => problem.IsWarning);
        return new(problems.HasErrors ? [] : definitions.DrainToImmutable(), [.. all[false]], [.. all[true]]);
    }

    private static void ReadDefinitions(List<SourceNode> roots, ImmutableArray<WorkflowDefinition>.Builder definitions, ProblemList problems)
    {
        var seen = new HashSet<(string, int)>();
        var mapping = new WorkflowMapping(problems);
        foreach (var root in roots)
        {
            if (mapping.Read(root) is not { } definition)
            {
                continue;
            }

            foreach (var finding in WorkflowCheck.Run(definition))
            {
                FindingLocator.Add(finding, root, problems);
            }

            var isNamed = root is SourceMapping document && document.Find("name") is not null;
            if (isNamed && !seen.Add((definition.Name, definition.Version)))
            {
                problems.Add(
                    DefinitionCodes.DuplicateDefinition, root.Start, $"this file already has {Excerpt.Of(definition.Name)} in version {definition.Version}");
            }

            definitions.Add(definition);
        }
    }
}
