using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ActorFlow.Client.Mapping;

/// <summary>
/// Arguments of the client contract as requests of the wire contract. What is empty on the wire is null, so an empty text that would mean something
/// else than null is refused here, as a node would refuse it.
/// </summary>
internal static class ToWire
{
    public static V1.StartWorkflowRequest Start(string definition, Payload? input, StartOptions? options)
    {
        options ??= new();
        DelayedStart.Check(options);
        var request = new V1.StartWorkflowRequest
        {
            Definition = Text(definition, "The definition"),
            Id = RunId(options.Id),
            Input = Json(input),
            CommandId = CommandId(options.CommandId),
            Directory = OptionalText(options.Directory, "The directory"),
            Delay = options.Delay is { } delay ? Duration.FromTimeSpan(delay) : null,
            StartAt = options.StartAt?.ToTimestamp(),
        };
        AddTags(request.Tags, options.Tags);
        return request;
    }

    public static V1.ForkWorkflowRequest Fork(string id, ForkOptions? options)
    {
        options ??= new();
        return new()
        {
            Id = Id(id),
            From = options.From is "" ? throw NoCheckpoint() : OptionalText(options.From, "The checkpoint"),
            NewId = RunId(options.Id),
            Input = Json(options.Input),
            CommandId = CommandId(options.CommandId),
        };
    }

    public static V1.GetHistoryRequest History(string id, HistoryToken from, int limit) => new()
    {
        Id = Id(id),
        From = Place(from),
        Limit = Limit(limit),
    };

    public static V1.WatchWorkflowRequest Watch(string id, HistoryToken from) => new() { Id = Id(id), From = Place(from) };

    public static V1.GetResultRequest Result(string id, TimeSpan wait) => new() { Id = id, Wait = Duration.FromTimeSpan(wait) };

    public static V1.ListWorkflowsRequest List(ListQuery? query)
    {
        query ??= new();
        return new()
        {
            Filter = Filter(query),
            Limit = Limit(query.Limit),
            Cursor = query.Cursor is "" ? throw Invalid("The cursor is none.") : OptionalText(query.Cursor, "The cursor"),
        };
    }

    public static V1.WorkflowFilter Filter(ListQuery? query)
    {
        query ??= new();
        var filter = new V1.WorkflowFilter
        {
            Definition = Definition(query.Definition),
            Since = At(query.Since),
            Until = At(query.Until),
            Parent = Parent(query.Parent),
            Text = OptionalText(query.Text, "The text"),
        };
        filter.Status.AddRange(query.Status.Select(Of));
        AddTags(filter.Tags, query.Tags);
        return filter;
    }

    public static V1.WorkflowFilter Filter(WatchFilter? query)
    {
        query ??= new();
        var filter = new V1.WorkflowFilter { Definition = Definition(query.Definition), Parent = Parent(query.Parent) };
        filter.Status.AddRange(query.Status.Select(Of));
        AddTags(filter.Tags, query.Tags);
        return filter;
    }

    public static V1.AnswerWorkflowRequest Answer(string id, string task, Payload value, AnswerOptions? options, string? commandId)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new()
        {
            Id = Id(id),
            Task = Text(task, "The task"),
            Value = Json(value),
            Comment = OptionalText(options?.Comment, "The comment"),
            // Who answers is the caller, by its key; what it says of itself beside that is a claim.
            ClaimedBy = OptionalText(options?.ClaimedBy ?? options?.By, "Who answers"),
            CommandId = CommandId(commandId),
        };
    }

    public static V1.RetryWorkflowRequest Retry(string id, string? from, string? commandId) => new()
    {
        Id = Id(id),
        From = from is "" ? throw WorkflowRefusedException.Of("task-not-found", "The task has no name.") : OptionalText(from, "The task"),
        CommandId = CommandId(commandId),
    };

    public static string Id(string id) => Text(id, "The id of the run");

    public static string Checkpoint(string checkpoint) => Text(checkpoint, "The checkpoint");

    /// <summary>The given id, or a new one: a call that is repeated carries the same one each time.</summary>
    public static string CommandId(string? given) => given switch
    {
        null => Guid.CreateVersion7().ToString(),
        "" => throw Invalid("The id of a command has 1 to 200 visible ASCII characters, without blanks."),
        _ => Text(given, "The id of the command"),
    };

    /// <summary>A text, which the wire would change if it were none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for people.</param>
    /// <exception cref="InvalidRequestException">It holds half of a surrogate pair.</exception>
    public static string Text(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text);
        return UnicodeText.IndexOfHalfPair(text) < 0 ? text
            : throw WorkflowRefusedException.Of("not-text", $"{what} holds half of a surrogate pair, which is no character.");
    }

    // What a payload holds never changes.
    public static ByteString Json(Payload? payload) => payload is null ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(payload.Utf8);

    // The numbers on the wire are promises of their own.
    public static V1.WorkflowStatus Of(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Running => V1.WorkflowStatus.Running,
        WorkflowStatus.Paused => V1.WorkflowStatus.Paused,
        WorkflowStatus.Waiting => V1.WorkflowStatus.Waiting,
        WorkflowStatus.Completed => V1.WorkflowStatus.Completed,
        WorkflowStatus.Failed => V1.WorkflowStatus.Failed,
        WorkflowStatus.Cancelled => V1.WorkflowStatus.Cancelled,
        WorkflowStatus.Terminated => V1.WorkflowStatus.Terminated,
        WorkflowStatus.Stuck => V1.WorkflowStatus.Stuck,
        _ => throw Invalid($"status {(int)status} is not known."),
    };

    private static string OptionalText(string? text, string what) => text is null ? string.Empty : Text(text, what);

    private static string RunId(string? id) =>
        id is "" ? throw WorkflowRefusedException.Of("bad-id", "The id of a run has 1 to 200 of [A-Za-z0-9._~-].") : OptionalText(id, "The id of the run");

    private static string Definition(string? definition) =>
        definition is "" ? throw Invalid("A definition is named as name or name@version.") : OptionalText(definition, "The definition");

    private static string Parent(string? parent) => parent is "" ? throw Invalid("The id of the parent is empty.") : OptionalText(parent, "The id of the parent");

    private static int Limit(int limit) => limit is 0 ? throw Invalid("The limit must lie between 1 and 1000.") : limit;

    private static string Place(HistoryToken place) => place == HistoryToken.Start ? string.Empty : place.ToString();

    private static Timestamp? At(DateTimeOffset? time) => time is { } at ? Timestamp.FromDateTimeOffset(at) : null;

    private static void AddTags(IDictionary<string, string> to, IEnumerable<KeyValuePair<string, string>> tags)
    {
        foreach (var (key, value) in tags)
        {
            to.Add(Text(key, "A tag"), Text(value, "A tag"));
        }
    }

    private static WorkflowRefusedException Invalid(string reason) => WorkflowRefusedException.Of("invalid-request", reason);

    private static WorkflowRefusedException NoCheckpoint() => WorkflowRefusedException.Of("checkpoint-not-found", "The checkpoint has no name.");
}
