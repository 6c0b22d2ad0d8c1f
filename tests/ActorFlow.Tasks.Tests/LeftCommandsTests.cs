using System.Diagnostics;
using ActorFlow.Tasks.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorFlow.Tasks.Tests;

/// <summary>Commands that a killed worker left, as its successor finds them.</summary>
public sealed class LeftCommandsTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("actorflow-");
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.Dispose();
        }

        _home.Delete(recursive: true);
    }

    [UnixFact]
    public async Task Those_of_a_dead_worker_of_the_same_directory_are_ended_with_all_that_they_started_and_no_others()
    {
        var options = new ProcessTaskOptions { Home = _home.FullName };
        var own = WorkerMark.Of(options);
        var dead = own with { Started = own.Started - 1 };
        var elsewhere = WorkerMark.Of(new ProcessTaskOptions { Home = "/" });
        var left = Start(dead.Next());
        var nested = Start($"/{dead.Next()}/{elsewhere.Next()}");
        var mine = Start(own.Next());
        var foreign = Start((elsewhere with { Started = 1 }).Next());
        var unmarked = Start("");

        await new LeftCommands(options, NullLogger.Instance).StartAsync(CancellationToken.None);

        Assert.Equal([true, true, false, false, false], new[] { left, nested, mine, foreign, unmarked }.Select(HasEnded));
    }

    [UnixFact]
    public void By_whichever_link_a_directory_is_named_it_is_the_same()
    {
        var link = Path.Combine(_home.FullName, "link");
        var data = _home.CreateSubdirectory("data").FullName;
        Directory.CreateSymbolicLink(link, data);

        Assert.Equal(Mark(data), Mark(link));
        Assert.Equal(Mark(data), Mark(data + "/"));
        Assert.NotEqual(Mark(data), Mark(_home.FullName));
    }

    [Fact]
    public void A_mark_is_read_as_it_was_written_and_nothing_else_is_one()
    {
        var own = WorkerMark.Of(new());

        Assert.Equal(own, WorkerMark.Read(own.Next()));
        Assert.NotEqual(own.Next(), own.Next());
        Assert.All(["", "a", "a.b.c.d", "1.2.3", Guid.NewGuid().ToString("n"), "..."], text => Assert.Null(WorkerMark.Read(text)));
    }

    private static string Mark(string home) => WorkerMark.Of(new ProcessTaskOptions { Home = home }).Home;

    private static bool HasEnded(Process process) => process.WaitForExit(0);

    private Process Start(string marks)
    {
        var start = new ProcessStartInfo("sleep", ["600"]);
        start.Environment[ProcessTree.Variable] = marks;
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }
}
