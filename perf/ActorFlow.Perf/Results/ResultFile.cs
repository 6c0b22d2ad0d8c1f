using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow.Perf.Results;

/// <summary>Runs as JSON files.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A run as JSON.</summary>
    public static string Write(PerfRun run) => JsonSerializer.Serialize(run, Format).ReplaceLineEndings("\n") + "\n";

    /// <summary>Reads a run.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static PerfRun Read(string json) => JsonSerializer.Deserialize<PerfRun>(json, Format) ?? throw new JsonException("The file holds no run.");

    /// <summary>Writes a run to a file; its folder is made if it is missing.</summary>
    public static async Task SaveAsync(PerfRun run, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, Write(run)).ConfigureAwait(false);
    }

    /// <summary>Reads a run from a file.</summary>
    public static async Task<PerfRun> LoadAsync(string path) => Read(await File.ReadAllTextAsync(path).ConfigureAwait(false));
}
