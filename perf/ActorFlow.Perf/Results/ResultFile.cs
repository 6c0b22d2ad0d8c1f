using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace ActorFlow.Perf.Results;

/// <summary>Runs as JSON files.</summary>
internal static partial class ResultFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A run as JSON.</summary>
    public static string Write(PerfRun run) =>
        Numbers().Replace(JsonSerializer.Serialize(run, Format).ReplaceLineEndings("\n"), list => Blank().Replace(list.Value, " ")) + "\n";

    /// <summary>Reads a run.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static PerfRun Read(string json)
    {
        try
        {
            var run = JsonSerializer.Deserialize<PerfRun>(json, Format);
            return run switch
            {
                { Specs: { } specs, Host: not null, Store: not null } when specs.All(spec => spec is { Id: not null, Metrics: not null }) => run,
                _ => throw new JsonException("The file holds no run."),
            };
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new JsonException($"The file holds a metric without values: {error.Message}", error);
        }
    }

    /// <summary>Whether something thrown says that a file is there and holds no run, or cannot be opened.</summary>
    public static bool IsUnreadable(Exception error) => error is JsonException or IOException or UnauthorizedAccessException;

    /// <summary>Writes a run to a file; its folder is made if it is missing.</summary>
    public static async Task SaveAsync(PerfRun run, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, Write(run)).ConfigureAwait(false);
    }

    /// <summary>Reads a run from a file.</summary>
    public static async Task<PerfRun> LoadAsync(string path) => Read(await File.ReadAllTextAsync(path).ConfigureAwait(false));

    // Values stand on one line: the files are in the repository, and are read by people.
    [GeneratedRegex(@"\[[\s0-9.,Ee+-]*\]")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
