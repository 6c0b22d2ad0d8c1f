using ActorFlow.Runtime.Hosting;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Hosting;

public sealed class RunMailboxTests
{
    private readonly RunMailbox.MessageQueue _queue = new();

    private void Enqueue(int number) => _queue.Enqueue(ActorRefs.Nobody, new Envelope(number, ActorRefs.NoSender));

    private int? Dequeue() => _queue.TryDequeue(out var envelope) ? (int)envelope.Message : null;

    [Fact]
    public void Messages_leave_in_the_order_in_which_they_came_however_the_queue_grows_and_shrinks()
    {
        var random = new Random(1);
        var (next, expected) = (0, new Queue<int>());
        for (var round = 0; round < 10_000; round++)
        {
            var burst = random.Next(60);
            for (var i = 0; i < burst; i++)
            {
                Enqueue(next);
                expected.Enqueue(next++);
            }

            for (var i = random.Next(70); i > 0; i--)
            {
                Assert.Equal(expected.TryDequeue(out var number) ? number : null, Dequeue());
                Assert.Equal(expected.Count, _queue.Count);
                Assert.Equal(expected.Count > 0, _queue.HasMessages);
            }
        }
    }

    [Fact]
    public void What_is_put_first_leaves_first()
    {
        Enqueue(1);
        Enqueue(2);
        _queue.EnqueueFirst(new Envelope(0, ActorRefs.NoSender));
        for (var number = -1; number > -20; number--)
        {
            _queue.EnqueueFirst(new Envelope(number, ActorRefs.NoSender));
        }

        Assert.Equal(Enumerable.Range(-19, 22), Enumerable.Range(0, 22).Select(_ => Dequeue()!.Value));
        Assert.Null(Dequeue());
    }

    [Fact]
    public void What_is_left_goes_to_the_dead_letters()
    {
        Enqueue(1);
        Enqueue(2);
        var dead = new RunMailbox.MessageQueue();

        _queue.CleanUp(ActorRefs.Nobody, dead);

        Assert.Equal((0, 2), (_queue.Count, dead.Count));
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_where_many_write_and_one_reads()
    {
        const int Writers = 4, Each = 50_000;
        var seen = new int[Writers * Each];
        var last = Enumerable.Repeat(-1, Writers).ToArray();
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Enqueue((writer * Each) + i);
            }
        })).ToList();
        var reader = Task.Run(() =>
        {
            for (var read = 0; read < Writers * Each;)
            {
                if (Dequeue() is not { } number)
                {
                    Thread.Yield();
                    continue;
                }

                read++;
                seen[number]++;
                Assert.True(number % Each > last[number / Each], "Messages of one writer changed places.");
                last[number / Each] = number % Each;
            }
        });
        await Task.WhenAll([.. writers, reader]).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.All(seen, times => Assert.Equal(1, times));
    }
}
