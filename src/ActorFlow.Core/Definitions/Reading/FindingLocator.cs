using ActorFlow.Core.Definitions.Checking;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>Gives what the checks found its place in the file.</summary>
internal static class FindingLocator
{
    /// <summary>Adds the finding, unless the place itself was found wrong before: one error there is enough.</summary>
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
