using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow.Node.Json;

/// <summary>How answers are written: camelCase, what is null left out, times in UTC.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = JsonDepth.Stored,
    Converters = [typeof(UtcTimeConverter), typeof(RunIdConverter)])]
[JsonSerializable(typeof(WorkflowDescription))]
[JsonSerializable(typeof(WorkflowExplanation))]
[JsonSerializable(typeof(StartAnswer))]
[JsonSerializable(typeof(ResultAnswer))]
[JsonSerializable(typeof(OpenAnswer))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(HistoryEvent))]
[JsonSerializable(typeof(WorkflowChange))]
[JsonSerializable(typeof(ItemList<CheckpointSummary>))]
[JsonSerializable(typeof(ItemList<RegisteredDefinition>))]
[JsonSerializable(typeof(RegisterAnswer))]
[JsonSerializable(typeof(ValidateAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(InfoAnswer))]
[JsonSerializable(typeof(ResetNotice))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(AuditAnswer))]
[JsonSerializable(typeof(CreatedKeyAnswer))]
[JsonSerializable(typeof(ItemList<KeyAnswer>))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>A collection.</summary>
/// <param name="Items">What it holds.</param>
internal sealed record ItemList<T>(ImmutableArray<T> Items);

/// <summary>The answer to a start.</summary>
internal sealed record StartAnswer(string Id, Guid? RunId, string? Definition, int? Version, ResultAnswer? Result = null);

/// <summary>That a run is open.</summary>
internal sealed record OpenAnswer(string Id);

/// <summary>How a run ended.</summary>
internal sealed record ResultAnswer
{
    public required string Id { get; init; }

    public required WorkflowStatus Status { get; init; }

    public required string Definition { get; init; }

    public required int Version { get; init; }

    public Payload? Output { get; init; }

    public FailureAnswer? Failure { get; init; }

    public string? Reason { get; init; }

    public ImmutableArray<FailedTask> Failures { get; init; } = [];

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public static ResultAnswer Of(WorkflowResult result) => new()
    {
        Id = result.Id,
        Status = result.Status,
        Definition = result.Definition.Name,
        Version = result.Definition.Version,
        Output = result.Output,
        Failure = result.Failure is { } failure
            ? new(failure.Task, failure.Type, failure.Message, result.Failures.FirstOrDefault(task => task.Path == failure.Task)?.Attempts)
            : null,
        Reason = result.Reason,
        Failures = result.Failures,
        StartedAt = result.StartedAt,
        ClosedAt = result.ClosedAt,
    };
}

/// <summary>Why a run failed; the task is empty for the run itself, and then there are no attempts.</summary>
internal sealed record FailureAnswer(string Task, string Type, string Message, int? Attempts);

/// <summary>A page of runs.</summary>
internal sealed record ListAnswer(ImmutableArray<WorkflowSummary> Items, string? Next, DateTimeOffset AsOf);

/// <summary>Runs by status.</summary>
internal sealed record CountAnswer(SortedDictionary<string, long> Counts, long Total);

/// <summary>A page of history.</summary>
internal sealed record HistoryAnswer(ImmutableArray<HistoryEvent> Items, HistoryToken Next, bool Last);

/// <summary>The answer to a registration, in file order.</summary>
internal sealed record RegisterAnswer(ImmutableArray<RegisteredAnswer> Definitions);

/// <summary>A registered definition, and whether this request registered it.</summary>
internal sealed record RegisteredAnswer(string Name, int Version, string Hash, bool Created);

/// <summary>What a check found.</summary>
internal sealed record ValidateAnswer(bool Valid, ImmutableArray<ProblemItem> Problems);

/// <summary>A problem of a definition.</summary>
internal sealed record ProblemItem(int? Line, int? Column, string? Path, string Code, string Message, bool? Warning)
{
    public static ProblemItem Of(DefinitionProblem problem) => new(
        problem.Position?.Line, problem.Position?.Column, problem.Path, problem.Code, problem.Message, problem.IsWarning ? true : null);
}

/// <summary>A refusal (RFC 9457).</summary>
internal sealed record ProblemAnswer(string Type, string Title, int Status, string Detail, string Code)
{
    public ImmutableArray<ProblemItem>? Problems { get; init; }
}

/// <summary>What a node tells everybody of itself; without an address of gRPC, it is served where this is.</summary>
internal sealed record InfoAnswer(string Build, string? GrpcAddress);

/// <summary>That a stream begins anew, because the place that it was to resume from is of an earlier run of that id.</summary>
internal sealed record ResetNotice(string Reason, HistoryToken From);

/// <summary>The health of a node, with each of its checks.</summary>
internal sealed record HealthAnswer(string Status, SortedDictionary<string, HealthEntry> Checks);

/// <summary>One check.</summary>
internal sealed record HealthEntry(string Status, string? Description);

/// <summary>Times in UTC, as RFC 3339 writes them.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}

/// <summary>Ids of starts as 32 digits, as they stand in places of a history.</summary>
internal sealed class RunIdConverter : JsonConverter<Guid>
{
    public override Guid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Guid.ParseExact(reader.GetString()!, "n");

    public override void Write(Utf8JsonWriter writer, Guid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString("n"));
}
