using System.Text;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Import;

/// <summary>
/// Writes a recorded execution as a workflow file: the same graph, with each task a <c>sleep</c> of its recorded time. The same recording
/// always gives the same text.
/// </summary>
internal static class WfFormatImport
{
    // JSON strings are YAML strings, so texts are written as in the input.
    /// <summary>The workflow file.</summary>
    /// <param name="source">The recording.</param>
    /// <param name="timeScale">The factor of the run times, 0 or more.</param>
    /// <exception cref="CommandFailure">A scaled run time is longer than the language allows.</exception>
    public static string ToYaml(WfFormat source, double timeScale)
    {
        var names = new WorkflowNames();
        var ids = source.Tasks.ToDictionary(task => task.Id, task => names.Task(task.Id), StringComparer.Ordinal);
        var text = new StringBuilder();
        text.Append("name: ").Append(Quote(WorkflowNames.Workflow(source.Name))).Append('\n');
        if (!string.IsNullOrWhiteSpace(source.Description))
        {
            text.Append("description: ").Append(Quote(TerminalText.Fit(source.Description, 500))).Append('\n');
        }

        text.Append("tasks:\n");
        foreach (var task in source.Tasks)
        {
            text.Append("  ").Append(ids[task.Id]).Append(":\n")
                .Append("    title: ").Append(Quote(task.Name)).Append('\n')
                .Append("    uses: sleep\n")
                .Append("    with: { for: ").Append(Scaled(task, timeScale)).Append(" }\n");
            if (task.Parents.Count > 0)
            {
                text.Append("    needs: [").AppendJoin(", ", task.Parents.Select(parent => ids[parent])).Append("]\n");
            }
        }

        return text.ToString();
    }

    private static string Scaled(WfTask task, double timeScale)
    {
        var milliseconds = Math.Round(task.Seconds * timeScale * 1000, MidpointRounding.AwayFromZero);
        return milliseconds <= Duration.Max.TotalMilliseconds
            ? Duration.ToText(TimeSpan.FromMilliseconds(milliseconds))
            : throw new CommandFailure($"task '{TerminalText.Fit(task.Id, 60)}' would sleep for more than {Duration.Max.TotalDays} days; use a smaller --time-scale");
    }

    private static string Quote(string text) => Payload.FromString(text).ToString();
}
