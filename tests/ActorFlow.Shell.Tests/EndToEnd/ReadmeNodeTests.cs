using System.Text.RegularExpressions;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>README's tour of a node, as it is written: only the ports are others.</summary>
public sealed class ReadmeNodeTests : IDisposable
{
    private readonly BuiltCommand _command = new();
    private readonly int _port = LoopbackPort.Free();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task The_tour_of_a_node_at_a_prompt_by_curl_and_with_a_key_does_what_README_shows()
    {
        _command.Write("hello.yaml", Readme.Blocks("yaml").First());
        _command.Write("order.yaml", Readme.Blocks("yaml").ElementAt(1));
        using var node = _command.Start("dev", "--port", $"{_port}", "--data", "try");
        await UntilReadyAsync($"http://127.0.0.1:{_port}");
        var blocks = Readme.Blocks("sh", after: "**A node for others.**").Take(3).ToList();

        // Whoever types is slower than the task before the signal; a script is not.
        const string Explain = "actorflow workflow explain o9";
        Assert.Contains(Explain, blocks[1], StringComparison.Ordinal);
        var tried = await ShAsync(blocks[0]);
        var open = await ShAsync(blocks[1].Replace(Explain, $"until {Explain} | grep 'workflow signal o9 payment'; do :; done", StringComparison.Ordinal));
        var signedIn = await ShAsync(blocks[2]);
        var stranger = await ShAsync("actorflow workflow list");

        Assert.True(open.ExitCode == 0, open.Error + open.Out);
        Assert.Contains("""{"texts":["Hello, Ada!"],"greetings":1}""", tried.Out, StringComparison.Ordinal);
        Assert.Contains("actorflow workflow signal o9 payment", open.Out, StringComparison.Ordinal);
        Assert.Contains("12 paid, approved by anonymous@127.0.0.1", open.Out, StringComparison.Ordinal);
        Assert.True(signedIn.ExitCode == 0, signedIn.Error + signedIn.Out);
        Assert.Contains("o9", signedIn.Out, StringComparison.Ordinal);
        Assert.Contains("Keys.Create", signedIn.Out, StringComparison.Ordinal);
        Assert.Equal(6, stranger.ExitCode);
    }

    [Fact]
    public async Task The_node_with_a_certificate_serves_over_TLS_as_README_shows()
    {
        var lines = Readme.Blocks("sh", after: "With a certificate one port").First().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Own).ToList();
        var made = await ShAsync(lines[0]);
        Assert.True(made.ExitCode == 0, made.Error);
        using var node = _command.Start([.. lines[1].Split(' ')[1..]]);
        var told = "";
        await Eventually.HoldsAsync(async () => (told = (await ShAsync(lines[2])).Out).Length > 0, "the node serves", TimeSpan.FromMinutes(1));

        Assert.Contains("\"build\"", told, StringComparison.Ordinal);
    }

    private string Own(string line) => Regex.Replace(line.Split("   #")[0], "9[12]10", $"{_port}");

    private async Task<BuiltCommand.Ended> ShAsync(string script)
    {
        var own = string.Join('\n', script.Split('\n').Select(Own));
        using var running = _command.StartProgram(
            "sh", "-c", $"set -eu\nPATH='{AppContext.BaseDirectory}':$PATH\nexport ACTORFLOW_ADDRESS=http://127.0.0.1:{_port}\n{own}");
        return await running.EndAsync();
    }

    private static async Task UntilReadyAsync(string address)
    {
        using var http = new HttpClient { BaseAddress = new(address) };
        await Eventually.HoldsAsync(async () => await NodeEndToEndTests.IsReadyAsync(http), "the node is ready", TimeSpan.FromMinutes(1));
    }
}
