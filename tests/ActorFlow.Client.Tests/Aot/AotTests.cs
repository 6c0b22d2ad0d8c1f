using System.Diagnostics;
using ActorFlow.Client.Tests.Nodes;
using ActorFlow.TestSupport;
using Google.Protobuf;
using Grpc.Core;

namespace ActorFlow.Client.Tests.Aot;

public sealed class AotTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [AotFact]
    public async Task An_application_that_is_compiled_ahead_of_time_has_no_warnings_and_works()
    {
        await using var node = await FakeNode.StartAsync();
        var problems = new V1.DefinitionProblems { Problems = { new V1.DefinitionProblem { Line = 1, Column = 1, Code = "no-tasks", Message = "It has no tasks." } } };
        node.On<V1.RegisterDefinitionsRequest>((_, _) =>
            throw FakeNode.Refusal("definition-invalid", "One.", new Metadata.Entry("actorflow-problems-bin", problems.ToByteArray())));
        node.On<V1.StartWorkflowRequest>((_, number) => number == 1
            ? throw FakeNode.Refusal("unavailable")
            : new V1.StartWorkflowResponse { Id = "order-7", RunId = Fakes.RunId.ToString("n"), Definition = "order", Version = 1, Created = true });
        node.On<V1.SignalWorkflowRequest>((_, _) => Fakes.Accepted);
        node.OnStream<V1.WatchWorkflowRequest>((_, _, write, _) => write(Fakes.Event(1)));
        node.On<V1.GetResultRequest>((request, _) =>
        {
            var ended = Fakes.Ended(request.Id);
            ended.Result.Output = ByteString.CopyFromUtf8("""{"total":12.5}""");
            return ended;
        });
        var directory = Directory.CreateTempSubdirectory("actorflow-aot-").FullName;
        try
        {
            var (published, log) = await RunAsync("dotnet", [
                "publish", Path.Combine(RepositoryFolder.Root, "tests", "ActorFlow.Client.Tests", "Aot", "Program", "AotProgram.csproj"), "-c", "Release", "-nodeReuse:false", "-v", "minimal",
                "--artifacts-path", Path.Combine(directory, "build"), "-o", Path.Combine(directory, "out"),
                .. AotFactAttribute.Linker is { } linker ? (string[])[$"-p:CppCompilerAndLinker={linker}"] : []]);
            Assert.True(published == 0, log);
            Assert.DoesNotContain("warning", log, StringComparison.OrdinalIgnoreCase);

            var (exit, output) = await RunAsync(Path.Combine(directory, "out", OperatingSystem.IsWindows() ? "AotProgram.exe" : "AotProgram"), [node.Address]);

            Assert.True(exit == 0, output);
            Assert.Equal(
                ["definition:1:1 no-tasks It has no tasks.", $"{Fakes.RunId:n}.1.0", "order-7 1 12.5"],
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        var starts = node.Requests<V1.StartWorkflowRequest>();
        Assert.Equal(2, starts.Count);
        Assert.Equal(starts[0], starts[1]);
        Assert.Equal("""{"number":7}""", starts[0].Input.ToStringUtf8());
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The build of these tests must not reach into that of the program.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <summary>A test that compiles ahead of time, skipped where there is no linker.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AotFactAttribute : FactAttribute
{
    /// <summary>Skips the test where nothing can link.</summary>
    public AotFactAttribute()
    {
        if (!OperatingSystem.IsWindows() && !Has("clang") && !Has("gcc"))
        {
            Skip = "Compiling ahead of time needs clang or gcc.";
        }
    }

    /// <summary>The linker to name; null means that the SDK finds its own.</summary>
    internal static string? Linker => OperatingSystem.IsWindows() || Has("clang") ? null : "gcc";

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
