using ActorFlow.TestSupport;

namespace ActorFlow.Node.Tests;

/// <summary>README's client is what stands here, and is compiled.</summary>
public sealed class ReadmeClientTests
{
    private const string Begin = "await using var client = WorkflowClient.Connect(";

    // It is compiled only: its node is the reader's.
    public static Func<Task> Shown => RunAsync;

    [Fact]
    public void README_shows_what_is_compiled_here()
    {
        var own = Lines(File.ReadAllText(Path.Combine(RepositoryFolder.Root, "tests", "ActorFlow.Node.Tests", "ReadmeClientTests.cs")), "    private static async Task RunAsync()\n    {\n", "\n    }\n");
        var readme = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "README.md"));

        Assert.Equal(own, Lines(readme, "using ActorFlow;\n\n" + Begin, "\n```", keep: Begin));
    }

    private static async Task RunAsync()
    {
        await using var client = WorkflowClient.Connect("http://127.0.0.1:9110");
        await client.Definitions.RegisterAsync(File.ReadAllText("hello.yaml"));
        var run = await client.StartAsync("hello", new { names = (string[])["Ada", "Grace"] }, new StartOptions { Id = "hello-1" });
        await foreach (var change in run.WatchAsync())
        {
            Console.WriteLine($"{change.At:T} {change.Event} {change.Task}");
        }
    }

    private static List<string> Lines(string text, string begin, string end, string keep = "")
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(from >= 0, $"There is no '{begin}'.");
        from += begin.Length - keep.Length;
        return [.. text[from..text.IndexOf(end, from, StringComparison.Ordinal)].Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }
}
