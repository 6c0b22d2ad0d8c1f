using ActorFlow.Perf.Nodes;

namespace ActorFlow.Perf.Tests.Nodes;

public sealed class FiledExecutionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_second_writer_goes_on_where_the_first_was_cut_off()
    {
        using (var first = new ExecutionFile(_file))
        {
            first.Began("a", "t0");
            first.Ended("a", "t0");
            first.Began("a", "t1");
            first.Began("b", "t0");
        }

        using (var second = new ExecutionFile(_file))
        {
            second.Began("a", "t1");
            second.Ended("a", "t1");
        }

        var read = FiledExecutions.Read(_file);

        Assert.Equal(1, read.Repeated);
        Assert.Equal((1, 2, 1), (read.Began[("a", "t0")], read.Began[("a", "t1")], read.Began[("b", "t0")]));
        Assert.Equal([("a", "t0"), ("a", "t1")], read.Ended.Order());
    }

    [Fact]
    public void What_is_written_is_there_for_others_at_once()
    {
        using var writing = new ExecutionFile(_file);
        writing.Began("a", "t0");

        Assert.Single(FiledExecutions.Read(_file).Began);
    }

    [Fact]
    public async Task Lines_of_many_threads_do_not_mix()
    {
        using (var writing = new ExecutionFile(_file))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(run => Task.Run(() =>
            {
                for (var step = 0; step < 200; step++)
                {
                    writing.Began($"run-{run}", $"t{step}");
                }
            })));
        }

        var read = FiledExecutions.Read(_file);

        Assert.Equal((1_600, 0), (read.Began.Count, read.Repeated));
    }

    [Fact]
    public void A_line_without_its_end_is_still_to_come()
    {
        File.WriteAllText(_file, "+ a t0\n- a t");

        var read = FiledExecutions.Read(_file);

        Assert.Equal((1, 0), (read.Began.Count, read.Ended.Count));
    }

    [Fact]
    public void Another_file_is_refused()
    {
        File.WriteAllText(_file, "something else\n");

        Assert.Throws<InvalidDataException>(() => FiledExecutions.Read(_file));
    }

    public void Dispose() => File.Delete(_file);
}
