using System.Text.Json;

namespace ActorFlow.Shell.Import;

/// <summary>A recorded execution in the WfCommons format (WfFormat 1.5), as far as an import needs it.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="Description">The workflow's description; null means that it has none.</param>
/// <param name="Tasks">Its tasks in file order.</param>
internal sealed record WfFormat(string Name, string? Description, IReadOnlyList<WfTask> Tasks)
{
    private const int MostTasks = 10_000;

    /// <summary>Reads a WfFormat document.</summary>
    /// <exception cref="CommandFailure">The document is not valid; one line tells what is missing.</exception>
    public static WfFormat Parse(ReadOnlyMemory<byte> utf8, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Read(document.RootElement, file);
        }
        catch (JsonException error)
        {
            throw new CommandFailure($"{file} is no WfFormat 1.5: it is not JSON: {JsonFault.Of(error)}", cause: error);
        }
    }

    private static WfFormat Read(JsonElement root, string file)
    {
        var version = Text(Find(root, "schemaVersion"));
        if (version is not null && version != "1.5")
        {
            throw new CommandFailure($"{file} is WfFormat {TerminalText.Fit(version, 20)}; only 1.5 can be imported");
        }

        var workflow = Find(root, "workflow");
        var tasks = Find(Find(workflow, "specification"), "tasks");
        if (tasks is not { ValueKind: JsonValueKind.Array } list)
        {
            throw new CommandFailure($"{file} is no WfFormat 1.5: it has no list at workflow.specification.tasks");
        }

        if (list.GetArrayLength() is 0 or > MostTasks)
        {
            throw new CommandFailure($"{file} has {list.GetArrayLength()} tasks; an import needs 1 to {MostTasks}");
        }

        var seconds = RunTimes(Find(Find(workflow, "execution"), "tasks"), file);
        var read = list.EnumerateArray().Select((task, index) => ReadTask(task, index, seconds, file)).ToList();
        CheckIds(read, file);
        return new(Text(Find(root, "name")) ?? Path.GetFileNameWithoutExtension(file), Text(Find(root, "description")), read);
    }

    private static WfTask ReadTask(JsonElement task, int index, Dictionary<string, double> seconds, string file)
    {
        var name = Text(Find(task, "name"));
        var id = Text(Find(task, "id")) ?? name;
        if (id is null)
        {
            throw new CommandFailure($"{file} has neither 'id' nor 'name' at workflow.specification.tasks[{index}]");
        }

        var parents = Find(task, "parents") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(parent => Text(parent) ?? "").Distinct().ToList()
            : [];
        return new(id, name ?? id, parents, seconds.GetValueOrDefault(id));
    }

    // By id; WfFormat up to 1.4 used names only, and files of 1.5 still mix the two.
    private static Dictionary<string, double> RunTimes(JsonElement? tasks, string file)
    {
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        if (tasks is not { ValueKind: JsonValueKind.Array } list)
        {
            return seconds;
        }

        foreach (var task in list.EnumerateArray())
        {
            if (Text(Find(task, "id")) is { } id && Find(task, "runtimeInSeconds") is { ValueKind: JsonValueKind.Number } number)
            {
                seconds[id] = number.TryGetDouble(out var value) && double.IsFinite(value) && value >= 0
                    ? value
                    : throw new CommandFailure($"{file} has a runtimeInSeconds that is no duration, {number}, for task '{TerminalText.Fit(id, 60)}'");
            }
        }

        return seconds;
    }

    private static void CheckIds(List<WfTask> tasks, string file)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            if (!ids.Add(task.Id))
            {
                throw new CommandFailure($"{file} has two tasks with the id '{TerminalText.Fit(task.Id, 60)}'");
            }
        }

        foreach (var task in tasks)
        {
            if (task.Parents.FirstOrDefault(parent => !ids.Contains(parent)) is { } unknown)
            {
                throw new CommandFailure(
                    $"{file} names a parent '{TerminalText.Fit(unknown, 60)}' of '{TerminalText.Fit(task.Id, 60)}' that is none of its tasks");
            }
        }
    }

    private static JsonElement? Find(JsonElement? value, string key) =>
        value is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(key, out var found) ? found : null;

    private static string? Text(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>One recorded task.</summary>
/// <param name="Id">Its id in the file.</param>
/// <param name="Name">Its name in the file.</param>
/// <param name="Parents">The ids of the tasks that it needs, each once.</param>
/// <param name="Seconds">How long it ran, in seconds; 0 where the file does not tell.</param>
internal sealed record WfTask(string Id, string Name, IReadOnlyList<string> Parents, double Seconds);
