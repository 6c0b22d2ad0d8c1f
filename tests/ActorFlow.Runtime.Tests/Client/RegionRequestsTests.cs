using ActorFlow.Runtime.Client;
using ActorFlow.TestSupport;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Client;

/// <summary>A region that loses messages is a probe that does not answer.</summary>
public sealed class RegionRequestsTests : TestKit
{
    private readonly FakeTimeProvider _time = new();
    private readonly RegionRequests _requests;
    private readonly TestProbe _region;

    public RegionRequestsTests()
    {
        _requests = new(_time);
        _region = CreateTestProbe();
    }

    [Fact]
    public async Task A_question_that_is_lost_is_asked_again_after_a_quarter_of_a_second_and_then_at_twice_the_distance()
    {
        var answer = AskAsync("x");
        await _region.ExpectMsgAsync("x");
        _time.Advance(TimeSpan.FromMilliseconds(240));
        await _region.ExpectNoMsgAsync(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        await _region.ExpectMsgAsync("x");
        // From 650 to 850 ms after the question.
        _time.Advance(TimeSpan.FromMilliseconds(340));
        await _region.ExpectNoMsgAsync(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(260));
        await _region.ExpectMsgAsync("x");

        _region.Reply("answer");

        Assert.Equal("answer", await answer);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _region.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task The_first_answer_counts_and_a_second_one_harms_nobody()
    {
        var answer = AskAsync("x");
        await _region.ExpectMsgAsync("x");
        var asker = _region.LastSender;
        _time.Advance(TimeSpan.FromMilliseconds(300));
        await _region.ExpectMsgAsync("x");

        Assert.Equal(asker, _region.LastSender);
        asker.Tell("first");
        asker.Tell("second");

        Assert.Equal("first", await answer);
    }

    [Fact]
    public async Task Who_gives_up_asks_no_more()
    {
        using var over = new CancellationTokenSource();
        var answer = _requests.AskAsync<string>(_region, "x", TimeSpan.FromMinutes(1), over.Token);
        await _region.ExpectMsgAsync("x");

        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _region.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Who_gets_no_answer_in_time_is_told()
    {
        await Assert.ThrowsAsync<AskTimeoutException>(() => _requests.AskAsync<string>(_region, "x", TimeSpan.FromMilliseconds(20), CancellationToken.None));
    }

    [Fact]
    public async Task Of_a_thousand_questions_of_which_most_are_lost_each_is_answered()
    {
        // It loses every question until it has seen it three times.
        var region = Sys.ActorOf(Props.Create(() => new Forgetful(3)));
        var answers = Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => _requests.AskAsync<string>(region, $"{i}", TimeSpan.FromMinutes(1), CancellationToken.None)));

        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return answers.IsCompleted;
            },
            "all are answered");

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), await answers);
    }

    [Fact]
    public async Task Of_questions_that_threads_ask_while_others_are_repeated_each_is_answered()
    {
        var region = Sys.ActorOf(Props.Create(() => new Forgetful(2)));
        var answers = Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => Task.WhenAll(Enumerable.Range(0, 5_000).Select(
            i => _requests.AskAsync<string>(region, $"{thread}-{i}", TimeSpan.FromMinutes(1), CancellationToken.None))))));
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var repeating = Task.Factory.StartNew(
            () =>
            {
                while (!answers.IsCompleted && !over.IsCancellationRequested)
                {
                    _time.Advance(TimeSpan.FromMilliseconds(50));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Assert.Equal(20_000, (await answers.WaitAsync(Eventually.Patience)).Sum(ofThread => ofThread.Distinct().Count()));
        await repeating.WaitAsync(Eventually.Patience);
    }

    private Task<string> AskAsync(string question) => _requests.AskAsync<string>(_region, question, TimeSpan.FromMinutes(1), CancellationToken.None);

    private sealed class Forgetful(int times) : UntypedActor
    {
        private readonly Dictionary<string, int> _seen = [];

        protected override void OnReceive(object message)
        {
            var question = (string)message;
            _seen[question] = _seen.GetValueOrDefault(question) + 1;
            if (_seen[question] == times)
            {
                Sender.Tell(question);
            }
        }
    }
}
