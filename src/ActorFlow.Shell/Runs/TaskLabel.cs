using ActorFlow.Core.Payloads;
namespace ActorFlow.Shell.Runs;

/// <summary>The label of a task in the progress of a run.</summary>
internal static class TaskLabel
{
    /// <summary>The path with the task's title in place of its id, elements and iterations kept: <c>each[2]/Copy the file#3</c>.</summary>
    public static string Of(string path, string? title)
    {
        if (title is null)
        {
            return path;
        }

        var from = path.LastIndexOf('/') + 1;
        var end = path.AsSpan(from).IndexOfAny('[', '#', '!');
        return $"{path.AsSpan(0, from)}{OneLine.Of(title)}{(end < 0 ? "" : path[(from + end)..])}";
    }

    /// <summary>The path of the task as a whole, of which this is an element or an iteration.</summary>
    public static string WholeOf(string path)
    {
        var from = path.LastIndexOf('/') + 1;
        var end = path.AsSpan(from).IndexOfAny('[', '#');
        return end < 0 ? path : path[..(from + end)];
    }
}
