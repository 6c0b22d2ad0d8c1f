using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>What people do to a run on the way: they pause and resume it, take it back, and retry it.</summary>
internal sealed partial class Driver
{
    private const int MostRewinds = 3;

    private readonly List<(int Commits, RunImage Image)> _images = [];

    private int _steered = 100;
    private int _pauses;
    private int _rewinds;
    private int _retries;

    /// <returns>Whether anything was done.</returns>
    private bool Steer()
    {
        if (_state is not WorkflowState.Open open)
        {
            return true;
        }

        // The pause of the case itself ends when the case says so.
        if (open.IsPaused)
        {
            if (_mischief.Pauses == 0)
            {
                return false;
            }

            var mayWait = open.NextDue is not null || _leases.Count > 0 || OutsideEvents().Any(outside => !outside.IsSignal);
            return (!mayWait || _dice.Chance(30)) && Send(new WorkflowCommand.Resume(_case.Id, NewId(_steered++)));
        }

        if (open.Run.Rewinding is null && _dice.Chance(_mischief.Pauses))
        {
            _pauses++;
            return Send(new WorkflowCommand.Pause(_case.Id, NewId(_steered++)));
        }

        return open.Run is { Rewinding: null, Compensation.HasBegun: false } && Rewinds();
    }

    private bool Rewinds()
    {
        if (_rewinds >= MostRewinds || _images.Count == 0 || !_dice.Chance(_mischief.Rewinds))
        {
            return false;
        }

        var (commits, image) = _dice.Pick(_images);
        _rewinds++;
        var command = new WorkflowCommand.Rewind(_case.Id, NewId(_steered++), commits, image) { LeftBy = LeftBy };
        Promise.That(Send(command), "a rewind does nothing");
        Promise.That(ReferenceEquals(WorkflowDecider.Decide(_state, command, _now, NoJitter), Decision.Nothing), "a rewind is done twice");
        return true;
    }

    /// <summary>A run that has ended is opened again.</summary>
    private bool OpensAgain()
    {
        while (_state is WorkflowState.Closed && NextAct is not null)
        {
            Act();
        }

        if (_state is WorkflowState.Open)
        {
            return true;
        }

        LetGo();
        if (_case is { Depth: not null, IsLeft: false })
        {
            // A child has told its parent how it ended.
            return false;
        }

        if (_state is WorkflowState.Closed { Run.Compensation.HasBegun: false, Outcome: RunOutcome.Failed } && _retries < _mischief.Retries)
        {
            _retries++;
            Promise.That(Send(new WorkflowCommand.Retry(_case.Id, NewId(_steered++), null) { LeftBy = LeftBy }), "a retry does nothing");
            return true;
        }

        return _state is WorkflowState.Closed { Run.Compensation.HasBegun: false } && Rewinds();
    }

    private void Remember(RunImage image)
    {
        if (_mischief.Rewinds > 0 && image is { Compensating: false, Rewinding: null })
        {
            _images.Add((_journal.Count, image));
        }
    }
}
