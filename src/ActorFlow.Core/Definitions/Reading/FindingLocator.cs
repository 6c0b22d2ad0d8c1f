using ActorFlow.Core.Definitions.Checking;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Finds the position in the file of each problem that the checks found.</summary>
internal static class FindingLocator
{
    /// <summary>Adds the finding, unless an error was already reported at that place.</summary>
    public static void Add(Finding finding, SourceNode root, ProblemList problems)
    {
        var (key, node) = finding.Path.Find(root);
        if (finding.AtKey && key is not null)
        {
            problems.Add(finding.ToProblem() with { Position = key.Start });
            return;
        }

        if (!node.IsFaulty)
        {
            var position = node is SourceScalar scalar && finding.Offset is { } offset ? scalar.PositionOf(offset) : node.Start;
            problems.Add(finding.ToProblem() with { Position = position });
        }
    }
}
