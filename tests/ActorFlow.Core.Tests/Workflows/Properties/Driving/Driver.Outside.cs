using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>Those who send signals, and people who are asked.</summary>
internal sealed partial class Driver
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(1);

    private readonly List<OutsideEvent> _agenda = [];

    private HashSet<string> _asked = [];
    private DateTimeOffset _lastProgress = World.Start;
    private int _signalsSent;
    private int _answers = 1_000_000;

    /// <summary>Something that comes from outside.</summary>
    private sealed record OutsideEvent(DateTimeOffset At, Action Happens)
    {
        public bool IsSignal { get; init; }
    }

    /// <summary>The same as in the reference.</summary>
    private IEnumerable<OutsideEvent> OutsideEvents()
    {
        List<OutsideEvent> all = [.. _agenda, .. ChildrenEnding()];
        if (NextToEnd() is { } lease)
        {
            all.Add(new(lease.Handler.EndsAt, () => Deliver(lease)));
        }

        if (_case.World.Signal(_signalsSent, _case.SignalNames) is { } signal && signal.At - _lastProgress < LongestSilence)
        {
            // One that was sent while the run could not be told anything, because it had ended, comes now.
            all.Add(new(signal.At < _now ? _now : signal.At, () => SendSignal(signal)) { IsSignal = true });
        }

        if (NextAct is { } act)
        {
            all.Add(new(act.At < _now ? _now : act.At, Act));
        }

        return all.Concat(Steering().Where(steering => steering.At > _now && steering.At < DateTimeOffset.MaxValue));
    }

    private IEnumerable<OutsideEvent> Steering() =>
        [new(_case.PausedAt, () => Pause()), new(_case.ResumedAt, Resume), new(_case.InterruptedAt, Interrupt)];

    private void Plan(TimeSpan after, Action happens)
    {
        OutsideEvent? planned = null;
        planned = new(_now + after, () =>
        {
            _agenda.Remove(planned!);
            happens();
        });
        _agenda.Add(planned);
    }

    private void SendSignal(SignalMessage message)
    {
        _signalsSent++;
        var command = new WorkflowCommand.Signal(_case.Id, NewId(10_000 + message.Command), message.Name, message.Payload);
        var answer = Ask(command) switch
        {
            Decision.Accepted => "kept",
            Decision.Refused refused => refused.Code,
            _ => "repeated",
        };
        _story.Outside.Add(OutsideLine.Signal(_now, message, answer));
        if (answer == "kept" && _dice.Chance(_mischief.Duplicates))
        {
            Promise.That(ReferenceEquals(WorkflowDecider.Decide(_state, command, _now, NoJitter), Decision.Nothing) || _state is WorkflowState.Closed, "a signal was taken twice");
        }
    }

    /// <summary>Everybody who is asked something new thinks about it.</summary>
    private void LookAtQuestions(WorkflowState.Open open)
    {
        var questions = open.Questions.ToList();
        foreach (var question in questions.Where(question => !_asked.Contains(question.Task)))
        {
            var ask = (TaskKind.Ask)open.Run.PlanOf(open.Run.Questions[question.Task]).Definition.Kind;
            foreach (var message in _case.World.AnswersTo(question.Task, ask, question.Options, question.TimeoutAt is not null))
            {
                Plan(message.After, () => Say(message));
            }
        }

        _asked = [.. questions.Select(question => question.Task)];
    }

    private void Say(AnswerMessage message)
    {
        var command = new WorkflowCommand.Answer(_case.Id, NewId(_answers++), message.Task, message.Value, message.By, message.Comment);
        var decision = Ask(command);
        Promise.That(!ReferenceEquals(decision, Decision.Nothing), "an answer counts as a repeat of another");

        // Nobody hears of a question that is asked and taken back by one decision, and so nobody answers it late.
        if (decision is not Decision.Refused { Code: "not-waiting" })
        {
            _story.Outside.Add(OutsideLine.Answered(_now, message.Task, decision is Decision.Refused refused ? refused.Code : "taken"));
        }

        if (decision is Decision.Accepted && _dice.Chance(_mischief.Duplicates))
        {
            Promise.That(ReferenceEquals(WorkflowDecider.Decide(_state, command, _now, NoJitter), Decision.Nothing), "an answer was taken twice");
        }
    }

    private void Pause()
    {
        if (_state is WorkflowState.Open { IsPaused: false, Run.Rewinding: null })
        {
            Promise.That(Send(new WorkflowCommand.Pause(_case.Id, NewId(5))), "a pause does nothing");
        }
    }

    private void Resume()
    {
        var wasPaused = _state is WorkflowState.Open { IsPaused: true };
        var decision = Ask(new WorkflowCommand.Resume(_case.Id, NewId(6)));
        Promise.That(wasPaused ? decision is Decision.Accepted : decision is Decision.Refused { Code: "not-paused" }, $"the end of a pause led to {decision}");
    }
}
